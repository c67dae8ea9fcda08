//! Pages that mean no good: each ends with its text or a clear error, and the next is rendered.

use std::time::{Duration, Instant};

use cmes_browser::{BrowserError, Limits};
use cmes_fetch::{FetchError, Fetched};

use crate::support::{Is, Site, page, patient, serve};

/// The page of this script, rendered within these limits; the browser goes on after it.
async fn ends(limits: Limits, html: String) -> Option<(Result<Fetched, BrowserError>, bool)> {
    let site = serve([("/", page(html)), ("/next", next()), ("/file", Is::Zip)]).await;
    let browser = site.browser(limits)?;
    let before = {
        browser.check().await.expect("a browser");
        browser.process_id().await
    };
    let ended = site.render(&browser, "/").await;
    Some((ended, goes_on(&site, &browser, before).await))
}

fn next() -> Is {
    page("<body><script>document.body.append('next ' + 'page')</script>")
}

/// Renders another page; says whether it is still the same process.
async fn goes_on(site: &Site, browser: &cmes_browser::Browser, before: Option<u32>) -> bool {
    let next = site.render(browser, "/next").await.expect("the next page");
    assert!(next.text.contains("next page"));
    browser.process_id().await == before
}

fn script(text: &str) -> String {
    format!("<body><p>begin</p><script>{text}</script><p>end</p>")
}

#[tokio::test]
async fn an_endless_script_ends_with_its_time() {
    let limits = Limits { time: Duration::from_secs(3), ..Limits::default() };
    let begun = Instant::now();
    let Some((ended, same)) = ends(limits, script("while (true) {}")).await else { return };
    assert!(matches!(ended, Err(BrowserError::Timeout(_))), "{ended:?}");
    assert!(same, "one page costs no process");
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_page_that_never_rests_is_taken_as_it_is() {
    let limits = Limits { time: Duration::from_secs(3), ..Limits::default() };
    let html = script("let n = 0; setInterval(() => document.body.append(`${n++} `), 10)");
    let Some((ended, _)) = ends(limits, html).await else { return };
    assert!(ended.expect("its text").text.contains("begin"));
}

#[tokio::test]
async fn questions_windows_downloads_and_workers_hold_nothing_up() {
    let html = script(
        "alert('a'); const said = [confirm('b'), prompt('c'), window.open('/next'), window.open('about:blank')];
         addEventListener('beforeunload', event => event.preventDefault());
         navigator.serviceWorker?.register('/sw.js'); new Worker('/w.js'); new SharedWorker('/w.js');
         const link = document.createElement('a'); link.href = '/file'; link.download = 'file'; link.click();
         const blob = document.createElement('a'); blob.href = URL.createObjectURL(new Blob(['x'])); blob.download = 'x'; blob.click();
         print(); document.body.append('said ' + said.join());",
    );
    let Some((ended, same)) = ends(patient(), html).await else { return };
    let text = ended.expect("its text").text;
    assert!(text.contains("said false,,,"), "{text}");
    assert!(same);
}

#[tokio::test]
async fn a_page_that_uses_up_its_memory_loses_its_process() {
    let limits = Limits { heap: 32 * 1024 * 1024, ..patient() };
    let html = script("const all = []; while (true) all.push(new Array(1000).fill(all.length))");
    let Some((ended, same)) = ends(limits, html).await else { return };
    assert!(matches!(ended, Err(BrowserError::Crashed)), "{ended:?}");
    assert!(same, "one page costs no browser");
}

#[tokio::test]
async fn a_page_that_takes_memory_beyond_its_scripts_ends_the_browser() {
    let limits = Limits { memory: 700 * 1024 * 1024, ..patient() };
    let html = script(
        "const all = []; setInterval(() => { for (let i = 0; i < 4; i++) all.push(new Uint8Array(2 ** 24).fill(1)); document.body.append('.') }, 20)",
    );
    let Some((ended, same)) = ends(limits, html).await else { return };
    assert!(matches!(ended, Err(BrowserError::Memory(_))), "{ended:?}");
    assert!(!same);
}

#[tokio::test]
async fn a_huge_document_is_cut() {
    let limits = Limits { text: 100_000, ..patient() };
    let html = script("document.body.append(...Array.from({length: 50_000}, () => document.createElement('article')))");
    let Some((ended, same)) = ends(limits, html).await else { return };
    let ended = ended.expect("its beginning");
    assert_eq!((ended.truncated, ended.text.len()), (true, 100_000));
    assert!(same);
}

#[tokio::test]
async fn a_page_that_leads_on_and_on_is_left() {
    let Some((ended, _)) = ends(patient(), script("location.href = '/?' + Math.random()")).await else { return };
    assert!(matches!(ended, Err(BrowserError::Circle)), "{ended:?}");
    let many_frames = script("for (;;) document.body.append(document.createElement('iframe'))");
    let limits = Limits { time: Duration::from_secs(3), ..Limits::default() };
    let Some((ended, _)) = ends(limits, many_frames).await else { return };
    assert!(
        matches!(ended, Err(BrowserError::Timeout(_) | BrowserError::Memory(_) | BrowserError::Crashed)),
        "{ended:?}"
    );
}

#[tokio::test]
async fn a_page_cannot_fool_who_looks_at_it() {
    let html = script(
        "document.documentElement.__proto__.__defineGetter__('outerHTML', () => 'forged');
         Element.prototype.__defineGetter__('outerHTML', () => 'forged');
         document.createElement = () => null; String.prototype.slice = () => 'forged'; JSON.stringify = null;",
    );
    let Some((ended, _)) = ends(patient(), html).await else { return };
    let text = ended.expect("its text").text;
    assert!(text.contains("<p>begin</p>") && text.ends_with("</html>"), "{text}");
}

#[tokio::test]
async fn a_page_may_not_lead_inside() {
    let site = serve([("/", page("<p>wait</p>")), ("/moved", Is::Moved("http://inside.example/".into()))]).await;
    let Some(browser) = site.browser(patient()) else { return };
    for address in ["http://inside.example/", "http://127.0.0.1/", "http://[::1]/", "/moved", "http://169.254.169.254/"]
    {
        let mut fetched = site.fetched("/").await;
        fetched.text = script(&format!("location.href = '{address}'"));
        let ended = browser.render(&fetched, &cmes_fetch::Budget::default()).await;
        assert!(matches!(ended, Err(BrowserError::Fetch(FetchError::NotPublic { .. }))), "{address}: {ended:?}");
    }
}
