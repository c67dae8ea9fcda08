//! When a service is left alone, and when it is asked again.

use std::sync::Arc;
use std::time::Duration;

use cmes_search::{SearchErrorKind as Kind, SearchProvider, ServiceSettings};
use cmes_testkit::models::{Asked, ModelServer, Reply};

use crate::{answer, built, pipes, provider, recorded, serve, settings};

async fn kind(provider: &Arc<dyn SearchProvider>) -> Option<Kind> {
    provider.search(&pipes()).await.err().map(|error| error.kind)
}

/// Lets so much time pass at once.
async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

async fn tavily(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> (Arc<dyn SearchProvider>, ModelServer) {
    let server = serve(script).await;
    (provider("tavily", &server), server)
}

#[tokio::test]
async fn after_failures_in_a_row_for_a_minute() {
    let (tavily, server) =
        tavily(|asked| if asked.number < 3 { answer(500, "") } else { answer(200, recorded("tavily.json")) }).await;
    for expected in [Kind::Failed, Kind::Failed, Kind::Failed, Kind::SetAside] {
        assert_eq!(kind(&tavily).await, Some(expected));
    }
    let error = tavily.search(&pipes()).await.expect_err("it rests");
    assert!(error.to_string().starts_with("tavily: it failed lately and is asked again in "), "{error}");
    assert!(error.to_string().ends_with(": it has a fault of its own (status 500); try again later"), "{error}");
    assert!(error.retry_after.is_some_and(|pause| pause > Duration::from_secs(30)));
    assert_eq!(server.asked().len(), 3);
    pass(Duration::from_secs(61)).await;
    assert_eq!((kind(&tavily).await, kind(&tavily).await, server.asked().len()), (None, None, 5));
}

#[tokio::test]
async fn at_once_and_for_longer_after_a_refusal() {
    let (tavily, server) = tavily(|_| answer(401, "")).await;
    assert_eq!((kind(&tavily).await, kind(&tavily).await), (Some(Kind::Refused), Some(Kind::SetAside)));
    let error = tavily.search(&pipes()).await.expect_err("it rests");
    let expected = ": it refuses the key (status 401); check search.tavily.api_key";
    assert!(error.to_string().ends_with(expected), "those who come later hear what to mend: {error}");
    pass(Duration::from_secs(61)).await;
    assert_eq!(kind(&tavily).await, Some(Kind::SetAside));
    pass(Duration::from_secs(15 * 60)).await;
    assert_eq!((kind(&tavily).await, server.asked().len()), (Some(Kind::Refused), 2));
}

#[tokio::test]
async fn for_as_long_as_it_asks() {
    let (tavily, server) = tavily(|_| answer(429, "").retry_after("300")).await;
    assert_eq!((kind(&tavily).await, kind(&tavily).await), (Some(Kind::Limited), Some(Kind::SetAside)));
    pass(Duration::from_secs(290)).await;
    assert_eq!((kind(&tavily).await, server.asked().len()), (Some(Kind::SetAside), 1));
    pass(Duration::from_secs(11)).await;
    assert_eq!((kind(&tavily).await, server.asked().len()), (Some(Kind::Limited), 2));
}

#[tokio::test]
async fn a_short_pause_is_waited_for() {
    let limited = |asked: &Asked| match asked.number {
        0 => answer(429, "").retry_after("0"),
        _ => answer(200, recorded("tavily.json")),
    };
    let (tavily, server) = tavily(limited).await;
    assert_eq!((kind(&tavily).await, server.asked().len()), (None, 2));
}

#[tokio::test]
async fn questions_that_are_not_accepted_are_no_failures() {
    let (tavily, server) = tavily(|_| answer(400, "")).await;
    for _ in 0..5 {
        assert_eq!(kind(&tavily).await, Some(Kind::Rejected));
    }
    assert_eq!(server.asked().len(), 5);
}

#[tokio::test]
async fn search_engines_that_keep_silent_set_searxng_aside() {
    let silent = r#"{"results": [], "unresponsive_engines": [["google", "CAPTCHA"]]}"#;
    let server = serve(move |_| answer(200, silent)).await;
    let searxng = provider("searxng", &server);
    for expected in [Kind::Failed, Kind::Failed, Kind::Failed, Kind::SetAside] {
        assert_eq!(kind(&searxng).await, Some(expected));
    }
}

#[tokio::test]
async fn the_budget_of_the_day_counts_requests() {
    let server = serve(|asked| {
        let link = format!("https://company-{}.example/", asked.number);
        let document = serde_json::json!({"searchParameters": {}, "organic": [{"link": link}]});
        answer(200, document.to_string())
    })
    .await;
    let settings = ServiceSettings { daily_requests: Some(3), ..settings(&server.origin()) };
    let serper = built("serper", settings).expect("usable");
    // Each page is a request: two for this search, and the fourth is not sent.
    assert_eq!(serper.search(&pipes()).await.expect("an answer").hits.len(), 2);
    let found = serper.search(&pipes()).await.expect("one page");
    assert_eq!(found.hits.len(), 1);
    assert!(found.remarks[0].contains("its budget of 3 requests a day is used up"), "{:?}", found.remarks);
    let error = serper.search(&pipes()).await.expect_err("used up");
    assert_eq!(error.kind, Kind::Limited);
    assert!(error.to_string().contains("raise search.serper.daily_budget"), "{error}");
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn answers_that_cannot_be_read_set_it_aside_too() {
    let (tavily, server) = tavily(|_| answer(200, "{}")).await;
    for expected in [Kind::Nonsense, Kind::Nonsense, Kind::Nonsense, Kind::SetAside] {
        assert_eq!(kind(&tavily).await, Some(expected));
    }
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn so_many_at_once_and_the_others_wait() {
    let server = serve(|_| Reply::Hang).await;
    let wikidata = provider("wikidata", &server);
    let short = Duration::from_millis(200);
    let both = futures_util::future::join(kind(&wikidata), kind(&wikidata));
    assert!(tokio::time::timeout(short, both).await.is_err());
    assert_eq!(server.asked().len(), 1);
    // Whoever gives up makes room.
    assert!(tokio::time::timeout(short, kind(&wikidata)).await.is_err());
    assert_eq!(server.asked().len(), 2);
}
