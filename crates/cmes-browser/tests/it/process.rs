//! The process: started on need, replaced, closed, nothing left behind.

use std::path::{Path, PathBuf};
use std::time::Duration;

use cmes_browser::{Browser, BrowserError, Confinement, Limits};
use cmes_fetch::Budget;

use crate::support::{page, patient, program, serve, until};

fn exists(id: u32) -> bool {
    Path::new(&format!("/proc/{id}")).exists()
}

/// The folder in which a Chromium keeps its files.
fn profile(id: u32) -> PathBuf {
    let arguments = std::fs::read(format!("/proc/{id}/cmdline")).expect("it runs");
    let arguments = String::from_utf8_lossy(&arguments).into_owned();
    let named = arguments.split(['\0', ' ']).find_map(|argument| argument.strip_prefix("--user-data-dir="));
    PathBuf::from(named.expect("it is named"))
}

#[tokio::test]
async fn a_process_is_replaced_after_its_share_of_pages_and_leaves_nothing() {
    let site = serve([("/", page("<p>a</p>"))]).await;
    let Some(browser) = site.browser(Limits { pages_per_process: 1, ..patient() }) else { return };
    assert_eq!(browser.process_id().await, None, "none is started before a page needs it");
    site.render(&browser, "/").await.expect("a page");
    let first = browser.process_id().await.expect("it is warm");
    let folder = profile(first);
    assert!(folder.exists());
    site.render(&browser, "/").await.expect("a page");
    let second = browser.process_id().await.expect("it is warm");
    assert_ne!(first, second);
    until("the first is gone", || !exists(first) && !folder.exists()).await;
    let folder = profile(second);
    drop(browser);
    until("the second is gone", || !exists(second) && !folder.exists()).await;
}

#[tokio::test]
async fn a_process_without_pages_is_closed() {
    let site = serve([("/", page("<p>a</p>"))]).await;
    let Some(browser) = site.browser(Limits { idle: Duration::ZERO, ..patient() }) else { return };
    site.render(&browser, "/").await.expect("a page");
    let id = browser.process_id().await;
    until("it is closed", || id.is_none_or(|id| !exists(id))).await;
    site.render(&browser, "/").await.expect("a page, in another process");
}

#[tokio::test]
async fn a_browser_that_was_killed_is_started_again() {
    let site = serve([("/", page("<p>a</p>"))]).await;
    let Some(browser) = site.browser(patient()) else { return };
    site.render(&browser, "/").await.expect("a page");
    let id = browser.process_id().await.expect("it is warm");
    let killed = std::process::Command::new("kill").args(["-9", &id.to_string()]).status().expect("kill");
    assert!(killed.success());
    until("it is gone", || !exists(id)).await;
    site.render(&browser, "/").await.expect("a page");
}

#[tokio::test]
async fn it_runs_in_its_sandbox_as_nobody_of_note() {
    let site = serve([("/", page("<p>a</p>"))]).await;
    let Some(browser) = site.browser(patient()) else { return };
    let (product, confinement) = browser.check().await.expect("a browser");
    assert!(product.contains("Chrom"), "{product}");
    let id = browser.process_id().await.expect("it runs");
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let user = status.lines().find_map(|line| line.strip_prefix("Uid:")).expect("a user");
    assert_ne!(user.split_whitespace().next(), Some("0"), "never root");
    assert_ne!(confinement, Confinement::OtherUser, "this machine can do better");
    let environment = std::fs::read(format!("/proc/{id}/environ")).expect("it runs");
    let environment = String::from_utf8_lossy(&environment).into_owned();
    assert!(!environment.contains("CARGO"), "{environment}");
}

#[tokio::test]
async fn more_pages_than_can_wait_are_turned_away() {
    let site = serve([("/", page("<p>a</p>"))]).await;
    let limits = Limits { parallel: 1, waiting: 0, ..patient() };
    let Some(browser) = site.browser(limits) else { return };
    let fetched = site.fetched("/").await;
    let budget = Budget::default();
    let (first, second) = tokio::join!(browser.render(&fetched, &budget), browser.render(&fetched, &budget));
    first.expect("a page");
    assert!(matches!(second, Err(BrowserError::Busy)), "{second:?}");
}

#[tokio::test]
async fn a_start_that_fails_says_why_and_is_not_tried_for_every_page() {
    let site = serve([("/", page("<p>a</p>"))]).await;
    for (path, reason) in [("/nowhere/chromium", "No such file"), ("/bin/false", "it says nothing")] {
        let browser = Browser::new(
            PathBuf::from(path),
            site.fetcher.clone(),
            Limits { confinements: vec![Confinement::Sandbox], ..patient() },
        );
        let first = site.render(&browser, "/").await.expect_err("no browser").to_string();
        assert!(first.contains(path) && first.contains(reason), "{first}");
        let second = site.render(&browser, "/").await.expect_err("no browser").to_string();
        assert!(second.contains("within a minute"), "{second}");
    }
    // What a page's time may be is no reason to start anything.
    assert!(program().is_none_or(|program| program.exists()), "TEST_BROWSER names no program");
}
