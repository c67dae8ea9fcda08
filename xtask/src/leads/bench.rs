//! `cargo xtask leads-bench`: how fast leads are found, and what they cost.

use std::io;
use std::time::Instant;

use clap::Args;
use cmes_testkit::world::World;
use futures_util::future::try_join_all;

use super::engine::Engine;
use super::task::Server;
use super::world::Served;
use crate::knowledge::parts::cpu;
use crate::queue::say;

/// Measure how fast leads are found in the world of the testkit, served by a process of its own.
#[derive(Debug, Args)]
pub struct LeadsBenchArgs {
    /// One question instead of those of the world, which has no hundred companies for any of them.
    #[arg(long)]
    query: Option<String>,
    /// Questions are asked one after the other until there are so many leads.
    #[arg(long, default_value_t = 100)]
    leads: usize,
    /// Most leads of a question.
    #[arg(long, default_value_t = 10)]
    each: u32,
    /// Milliseconds by which each answer of a site or of the search engine comes later.
    #[arg(long, default_value_t = 20)]
    delay: u64,
    /// How often all is measured.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Then so many questions at once.
    #[arg(long, default_value_t = 20)]
    at_once: usize,
    /// At the end one question for as many leads, as a task with its database, in a world with so many companies that
    /// answer to it.
    #[arg(long, default_value_t = 300)]
    crowd: usize,
}

/// Measures and prints.
///
/// # Errors
///
/// When a search fails.
pub async fn run(args: &LeadsBenchArgs) -> io::Result<()> {
    let mut served = Served::start(args.delay, None).await?;
    let queries: Vec<String> = match &args.query {
        Some(query) => vec![query.clone()],
        None => World::queries().into_iter().map(|query| query.text).collect(),
    };
    for _ in 0..args.rounds {
        // A new engine has read no page yet.
        let engine = Engine::within(&served.around).map_err(io::Error::other)?;
        measure("one after the other", &mut served, async || {
            let mut count = 0;
            for query in &queries {
                if count < args.leads {
                    count += engine.leads(query, args.each).await.map_err(io::Error::other)?.len();
                }
            }
            Ok(count)
        })
        .await?;
    }
    for _ in 0..args.rounds {
        let engine = Engine::within(&served.around).map_err(io::Error::other)?;
        let what = format!("{} at once", args.at_once);
        measure(&what, &mut served, async || {
            let all = queries.iter().take(args.at_once).map(|query| engine.leads(query, args.each));
            Ok(try_join_all(all).await.map_err(io::Error::other)?.iter().map(Vec::len).sum())
        })
        .await?;
    }
    drop(served);
    if args.crowd == 0 {
        return Ok(());
    }
    let mut served = Served::start(args.delay, Some(args.crowd)).await?;
    let most = u32::try_from(args.leads).unwrap_or(u32::MAX);
    for round in 0..args.rounds {
        let server = Server::within(&served.around, round).await.map_err(io::Error::other)?;
        let what = format!("one task, {} companies answer", args.crowd);
        measure(&what, &mut served, async || server.leads(most).await.map_err(io::Error::other)).await?;
    }
    Ok(())
}

/// Runs something that finds so many leads, and prints what it took. The memory is the most that was held since it began.
#[expect(clippy::cast_precision_loss, reason = "hundreds")]
async fn measure(what: &str, served: &mut Served, find: impl AsyncFnOnce() -> io::Result<usize>) -> io::Result<()> {
    let before = served.requests().await?;
    // Forgets the most that was held before (proc_pid_clear_refs(5)).
    std::fs::write("/proc/self/clear_refs", "5")?;
    let held = memory("VmRSS")?;
    let (begun, cpu_before) = (Instant::now(), cpu());
    let count = find().await?;
    let (wall, cpu) = (begun.elapsed().as_secs_f64(), (cpu() - cpu_before).as_secs_f64());
    let (most, requests) = (memory("VmHWM")?, served.requests().await? - before);
    let each = 1.0 / count.max(1) as f64;
    say(&format!(
        "{what}: {count} leads in {wall:.2} s, {:.1}/s; each {:.1} ms of CPU, {:.1} requests; {most:.0} MB at most, \
         {held:.0} before",
        count as f64 / wall,
        cpu * each * 1e3,
        requests as f64 * each
    ))
}

/// Memory of this process in MB, by its line in `/proc/self/status`.
fn memory(name: &str) -> io::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map(|it| it * 1024.0 / 1e6).ok_or_else(|| io::Error::other(format!("the system does not tell {name}")))
}
