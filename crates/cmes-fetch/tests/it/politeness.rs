//! Few requests at a time, pauses between them, and word of what happens.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use cmes_fetch::{Budget, BudgetLimits, FetchEvent, FetchOptions, Fetcher, SetupError};
use futures_util::future::join_all;
use futures_util::stream;
use tokio::time::Instant;

use crate::server::{budget, fetcher, html, missing, options, response, serve};

#[tokio::test]
async fn pages_of_a_host_start_a_pause_apart() {
    let server = serve(|_| html("x")).await;
    let fetcher = fetcher(FetchOptions { per_host_delay: Duration::from_millis(60), ..options() });
    let budget = budget();
    let urls: Vec<_> = (0..4).map(|number| server.url(&format!("/{number}"))).collect();
    let begin = Instant::now();
    let pages = join_all(urls.iter().map(|url| fetcher.page(url, &budget))).await;
    assert!(pages.iter().all(Result::is_ok));
    assert!(begin.elapsed() >= Duration::from_millis(180), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn no_more_than_two_pages_are_asked_for_at_once() {
    // A page ends only when its stream is dropped or this much time has passed.
    let running = Arc::new(Mutex::new((0_u32, 0_u32)));
    let counter = Arc::clone(&running);
    let server = serve(move |seen| {
        if seen.path == "/robots.txt" {
            return missing();
        }
        let counter = Arc::clone(&counter);
        let slow = stream::once(async move {
            {
                let mut counts = counter.lock().expect("nobody panicked");
                counts.0 += 1;
                counts.1 = counts.1.max(counts.0);
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
            counter.lock().expect("nobody panicked").0 -= 1;
            Ok::<_, std::io::Error>("<p>x")
        });
        response(200, &[("content-type", "text/html")], Body::from_stream(slow))
    })
    .await;
    let fetcher = fetcher(options());
    let budget = budget();
    let urls: Vec<_> = (0..6).map(|number| server.url(&format!("/{number}"))).collect();
    let pages = join_all(urls.iter().map(|url| fetcher.page(url, &budget))).await;
    assert!(pages.iter().all(Result::is_ok));
    let most = running.lock().expect("nobody panicked").1;
    assert!((1..=2).contains(&most), "{most} at once");
}

#[tokio::test]
async fn the_observer_hears_of_each_page() {
    let server = serve(|seen| if seen.path == "/" { html("x") } else { missing() }).await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&heard);
    let budget = Budget::new(BudgetLimits::default())
        .observed_by(Arc::new(move |event| log.lock().expect("nobody panicked").push(event)));
    let fetcher = fetcher(options());
    let (there, gone) = (server.url("/"), server.url("/gone"));
    fetcher.page(&there, &budget).await.expect("it is there");
    fetcher.page(&gone, &budget).await.expect_err("it is not");
    let events = heard.lock().expect("nobody panicked").clone();
    let [started, finished, second, failed] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(*started, FetchEvent::Started { url: there.clone() });
    let FetchEvent::Finished { url, status, bytes, cached, .. } = finished else { panic!("{finished:?}") };
    assert_eq!((url, *status, *cached), (&there, 200, false));
    assert!(*bytes > 0);
    assert_eq!(*second, FetchEvent::Started { url: gone.clone() });
    let FetchEvent::Failed { url, reason } = failed else { panic!("{failed:?}") };
    assert_eq!(*url, gone);
    assert!(reason.contains("404"), "{reason}");
}

#[tokio::test]
async fn an_error_page_does_not_cost_the_connection() {
    // robots.txt is missing here, with a body that says so.
    let server = serve(|seen| if seen.path == "/" { html("x") } else { missing() }).await;
    let fetcher = fetcher(options());
    fetcher.page(&server.url("/"), &budget()).await.expect("it is there");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn endless_settings_do_not_overflow_the_clock() {
    let server = serve(|_| html("x")).await;
    let endless = FetchOptions { page_timeout: Duration::MAX, per_host_delay: Duration::MAX, ..options() };
    fetcher(endless).page(&server.url("/"), &budget()).await.expect("the first page needs no pause");
}

#[test]
fn faulty_settings_are_named() {
    let check = |options: FetchOptions, key: &str| {
        let error: SetupError = Fetcher::new(options).expect_err(key);
        assert!(error.to_string().contains(key), "{error}");
    };
    for proxy in ["", "proxy.example:3128", "socks5://proxy.example", "http://"] {
        check(FetchOptions { proxy: Some(proxy.to_owned()), ..options() }, "fetch.proxy");
    }
    check(FetchOptions { user_agent: "a\nb".to_owned(), ..options() }, "fetch.user_agent");
    let file = tempfile::NamedTempFile::new().expect("a file");
    check(FetchOptions { cache_dir: Some(file.path().to_owned()), ..options() }, "cache folder");
}
