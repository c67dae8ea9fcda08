//! `cargo xtask world`: the world of the testkit in a process of its own, so that what it costs to serve it is not counted.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use clap::Args;
use cmes_testkit::world::search::WorldSearch;
use cmes_testkit::world::{World, WorldServer};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::queue::say;

/// Serve the world of the testkit on 127.0.0.1 until standard input ends.
#[derive(Debug, Args)]
pub struct WorldArgs {
    /// Milliseconds by which each answer comes later.
    #[arg(long, default_value_t = 0)]
    delay: u64,
    /// With so many pipe manufacturers in the USA, for a question that has many right answers.
    #[arg(long)]
    crowd: Option<usize>,
}

/// Where it is.
#[derive(Debug, Serialize, Deserialize)]
pub struct Around {
    /// Every host.
    pub hosts: BTreeMap<String, SocketAddr>,
    /// The address of its search engine.
    pub search: String,
    /// A list of some of its companies, as a table.
    pub directory: String,
}

/// Says where it is, and after each line that it reads, how many requests for pages there were.
///
/// # Errors
///
/// When loopback gives no port.
pub async fn serve(args: &WorldArgs) -> io::Result<()> {
    let delay = Duration::from_millis(args.delay);
    let world = args.crowd.map_or_else(World::new, |count| World::crowded("en", "steel-pipe-maker", "US", count));
    let (sites, search) = (WorldServer::start(&world, delay).await?, WorldSearch::start(&world, delay).await?);
    say(&serde_json::to_string(&Around {
        hosts: sites.hosts(),
        search: search.url(),
        directory: world.directory_csv(),
    })?)?;
    let told = tokio::task::spawn_blocking(move || {
        for line in io::stdin().lines() {
            line?;
            say(&sites.requests().values().sum::<u64>().to_string())?;
        }
        Ok(())
    });
    let outcome = told.await?;
    drop(search);
    outcome
}

/// A process that serves it, until this value is dropped.
pub struct Served {
    /// Where it is.
    pub around: Around,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Served {
    /// Starts it.
    pub async fn start(delay: u64, crowd: Option<usize>) -> io::Result<Self> {
        let crowd = crowd.map(|count| ["--crowd".to_owned(), count.to_string()]);
        let mut child = Command::new(std::env::current_exe()?)
            .args(["world", "--delay", &delay.to_string()])
            .args(crowd.into_iter().flatten())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the process has no pipes"));
        };
        let mut output = BufReader::new(output).lines();
        let line = output.next_line().await?.unwrap_or_default();
        Ok(Self { around: serde_json::from_str(&line)?, input, output, _child: child })
    }

    /// How many requests for pages there were so far.
    pub async fn requests(&mut self) -> io::Result<u64> {
        self.input.write_all(b"\n").await?;
        let line = self.output.next_line().await?.unwrap_or_default();
        line.parse().map_err(io::Error::other)
    }
}
