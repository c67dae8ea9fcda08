//! What the worst pages cost: 2 MiB, as much as is read of a page, of one thing
//! over and over, six such pages a site, every field on.
//!
//! `cargo bench -p cmes-extract --bench hostile [-- word …]` prints a line for
//! every kind (whose text holds one of the words), the slowest last. Each is
//! read in a process of its own, so that the peak of memory is its own.

#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::process::Command;
use std::{env, fs, io};

use cmes_extract::content::Content;
use cmes_extract::profile::{Material, assemble};
use cmes_extract::{Page, RawPage, page};
use cmes_types::LanguageCode;
use rustix::time::{ClockId, clock_gettime};
use url::Url;

mod kinds;

/// Length of each page.
const LENGTH: usize = 2 * 1024 * 1024;
/// Asks this program to read one kind.
const ONE: &str = "--one";

/// What a kind costs.
struct Cost {
    kind: usize,
    /// The slowest page being read, and the profile of all of them, in seconds of a processor.
    page: f64,
    profile: f64,
    /// The peak, in MiB, with all pages in memory.
    memory: u64,
}

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let kinds = kinds::all();
    if let [one, kind] = arguments.as_slice()
        && one == ONE
    {
        let (before, after) = &kinds[kind.parse::<usize>().map_err(io::Error::other)?];
        return read(before, after);
    }
    let is_wanted = |kind: &str| arguments.is_empty() || arguments.iter().any(|word| kind.contains(word.as_str()));
    let wanted = kinds.iter().enumerate().filter(|(_, (before, part))| is_wanted(before) || is_wanted(part));
    let mut costs = wanted.map(|(kind, _)| in_a_process(kind)).collect::<io::Result<Vec<Cost>>>()?;
    costs.sort_by(|a, b| (a.page + a.profile / 6.0).total_cmp(&(b.page + b.profile / 6.0)));
    println!("a page, s | six in a profile, s | peak, MiB | kind");
    for Cost { kind, page, profile, memory } in costs {
        let (before, part) = &kinds[kind];
        println!("{page:9.2} | {profile:19.2} | {memory:9} | {}", shortened(&format!("{before}{part}")));
    }
    Ok(())
}

fn shortened(text: &str) -> String {
    text.chars().take(70).collect::<String>().replace('\n', "⏎")
}

fn in_a_process(kind: usize) -> io::Result<Cost> {
    let output = Command::new(env::current_exe()?).args([ONE, &kind.to_string()]).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut figures = text.split_whitespace().map(|figure| figure.parse::<f64>().unwrap_or(f64::NAN));
    let mut next = || figures.next().ok_or_else(|| io::Error::other(format!("kind {kind}: {output:?}")));
    Ok(Cost { kind, page: next()?, profile: next()?, memory: next()? as u64 })
}

/// Reads six pages and makes the profile of them; prints what that cost.
fn read(before: &str, part: &str) -> io::Result<()> {
    // Tables that are made when they are first used are no cost of the page.
    profile(&read_all(before, part, LENGTH / 100).0);
    let (pages, slowest) = read_all(before, part, LENGTH);
    let seconds = profile(&pages);
    println!("{slowest} {seconds} {}", peak()?);
    Ok(())
}

fn read_all(before: &str, part: &str, length: usize) -> (Vec<Page>, f64) {
    let html = format!("{before}{}", part.repeat(length / part.len()));
    let paths = ["", "impressum", "kontakt", "team", "karriere", "produkte"];
    let mut slowest = 0.0_f64;
    let mut read = |path: &&str| {
        let url = Url::parse(&format!("https://www.example.de/{path}")).expect("a fixed URL");
        let start = processor_time();
        let page = page::read(&RawPage { url: &url, headers: &[], html: &html });
        slowest = slowest.max(processor_time() - start);
        page
    };
    (paths.iter().map(&mut read).collect(), slowest)
}

fn profile(pages: &[Page]) -> f64 {
    let start = processor_time();
    let content = Content::default();
    let _ = assemble(&Material { pages, content: &content, language: LanguageCode::ENGLISH, extended: true });
    processor_time() - start
}

/// Seconds that this thread has had a processor.
fn processor_time() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Most memory that this process has had, in MiB.
fn peak() -> io::Result<u64> {
    let text = fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.map(|kib| kib / 1024).ok_or_else(|| io::Error::other("no figure"))
}
