//! Where leads are looked for: providers that fail, lists, companies with two domains.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use cmes_app::enrichment::Enrich;
use cmes_app::leads::{FindLeads, Lead, Search};
use cmes_models::Embedder;
use cmes_models::embedded::{EmbeddedEmbedder, EmbedderSettings};
use cmes_search::AnswerCache;
use cmes_testkit::{SearchReply, SearchServer, Site, SiteFile};
use futures_util::future::BoxFuture;
use serde_json::json;
use tokio::sync::{Mutex, watch};

use super::{BOLTS, PUMPS, QUERY, VALVES, names, search_for, submit};
use crate::support::{Answer, Engine, TestApp, on_both_engines};
use crate::tasks::result;

/// How long a provider is waited for.
const PATIENCE: Duration = Duration::from_millis(300);

async fn always(reply: SearchReply) -> SearchServer {
    SearchServer::start(move |_, _| reply.clone()).await.expect("a server")
}

async fn import(app: &TestApp, list: String) {
    app.app.directory.import(std::io::Cursor::new(list), |_| {}).await.expect("a list");
}

async fn now(app: &TestApp, fields: serde_json::Value) -> Answer {
    let mut body = json!({"Content": QUERY, "Asynch": false});
    body.as_object_mut().expect("an object").extend(fields.as_object().expect("fields").clone());
    app.post("/v1/leadgeneration", body.to_string()).await
}

/// With the demo sites and these.
async fn app_with(engine: Engine, sites: Vec<Site>, server: &SearchServer) -> TestApp {
    TestApp::with_sites(engine).await.serving(sites).await.searching_with(server)
}

#[test]
fn whatever_a_provider_answers_another_one_is_enough_and_alone_it_is_free() {
    on_both_engines(async |engine| {
        let mut app = TestApp::with_sites(engine).await;
        import(&app, format!("name,website,country,description\nNordwind,{PUMPS},DE,Manufacturer of pumps\n")).await;
        for (number, (reply, words)) in [
            (SearchReply::Refuse(401), "searxng: it refuses to answer (status 401); check search.searxng.url"),
            (SearchReply::Refuse(403), "add json to search.formats"),
            (SearchReply::Refuse(429), "set server.limiter to false"),
            (SearchReply::Refuse(500), "it has a fault of its own (status 500)"),
            (SearchReply::Nonsense, "check search.searxng.url"),
            (SearchReply::Hang, "it does not answer within 1 second"),
        ]
        .into_iter()
        .enumerate()
        {
            let server = always(reply).await;
            app = app.searching_in(|app| vec![app.searxng(&server, Some(PATIENCE))]);
            let before = app.balance().await;
            let detail = now(&app, json!({})).await.problem(500, "search-failed");
            assert!(detail.contains(words) && detail.contains("cmes directory import"), "{detail}");
            assert_eq!(app.balance().await, before, "{words}");
            app =
                app.searching_in(|app| vec![app.searxng(&server, Some(PATIENCE)), Arc::new(app.app.directory.clone())]);
            let answer = now(&app, json!({"Content": "pump manufacturers"})).await;
            assert_eq!((answer.status.as_u16(), names(&answer)), (200, vec!["Nordwind Pumpen GmbH"]), "{words}");
            assert_eq!(app.balance().await, format!("24.{}", 9 - number));
            let figures = app.anonymous("GET", "/metrics").await.text;
            for line in [
                "cmes_provider_searches_total{provider=\"directory\",outcome=\"found\"}",
                "cmes_provider_searches_total{provider=\"searxng\",outcome=",
                "cmes_provider_search_duration_seconds_count{provider=\"searxng\"}",
                "cmes_leads_finished_total 1\n",
            ] {
                assert!(figures.contains(line), "{line} is not in {figures}");
            }
        }
        app.verified().await;
    });
}

#[test]
fn a_directory_without_companies_is_no_provider_until_it_has_some() {
    on_both_engines(async |engine| {
        let app = TestApp::with_sites(engine).await.searching_in(|app| vec![Arc::new(app.app.directory.clone())]);
        let detail = now(&app, json!({})).await.problem(500, "search-failed");
        assert!(
            detail.contains("directory: it knows no company yet; fill it with cmes directory import FILE"),
            "{detail}"
        );
        let id = submit(&app, json!({})).await;
        app.work().await;
        result(&app, &id).await.problem(500, "search-failed");
        assert_eq!(app.balance().await, "25", "it is not tried again");
        import(&app, "name,website,country,description\nMiller,miller.example,US,Bread and cakes\n".into()).await;
        let answer = now(&app, json!({})).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "[]"), "there is something to search in");
        app.verified().await;
    });
}

#[test]
fn a_task_waits_for_a_provider_that_fails_for_a_while() {
    on_both_engines(async |engine| {
        let is_well = Arc::new(AtomicBool::new(false));
        let state = Arc::clone(&is_well);
        let server = SearchServer::start(move |_, _| match state.load(Ordering::SeqCst) {
            true => SearchReply::hosts(&[PUMPS, BOLTS]),
            false => SearchReply::Refuse(500),
        });
        let server = server.await.expect("a server");
        let mut app = TestApp::with_sites(engine).await.searching_with(&server);
        let (recovers, stopped) = (submit(&app, json!({})).await, submit(&app, json!({})).await);
        app.work().await;
        for id in [&recovers, &stopped] {
            assert_eq!(result(&app, id).await.status, 202, "it is tried again later");
        }
        assert_eq!(app.balance().await, "23", "the price of both is set aside");
        // A stopped task that has found nothing is free; the other one goes on when the provider is well.
        app.post("/v1/cancel", json!({"ID": stopped}).to_string()).await;
        is_well.store(true, Ordering::SeqCst);
        app = app.searching_with(&server);
        app.clock.advance(Duration::from_secs(6));
        app.work().await;
        let answer = result(&app, &recovers).await;
        assert_eq!((answer.status.as_u16(), names(&answer).len()), (200, 2));
        assert_eq!((answer.header("charge"), app.balance().await.as_str()), ("0.2 GBP", "24.8"));

        is_well.store(false, Ordering::SeqCst);
        let id = submit(&app, json!({})).await;
        for pause in [0, 6, 34] {
            app.clock.advance(Duration::from_secs(pause));
            app.work().await;
            assert_eq!(result(&app, &id).await.status, 202, "after {pause} s");
        }
        app.clock.advance(Duration::from_secs(133));
        app.work().await;
        assert!(result(&app, &id).await.problem(500, "search-failed").contains("searxng"));
        assert_eq!(app.balance().await, "24.8");
        app.verified().await;
    });
}

#[test]
fn a_company_on_two_domains_is_one_lead() {
    on_both_engines(async |engine| {
        let twin =
            Site { name: "nordwind-pumps.example".to_owned(), ..cmes_testkit::site(PUMPS).expect("a demo site") };
        let server = search_for(&[PUMPS, "nordwind-pumps.example", BOLTS]).await;
        let app = app_with(engine, vec![twin], &server).await;
        let answer = now(&app, json!({})).await;
        assert_eq!(names(&answer).len(), 2, "{answer:?}");
        assert_eq!(names(&answer)[0], "Nordwind Pumpen GmbH");
        assert!(app.site_requests_of("nordwind-pumps.example") > 0, "its other domain was looked at");
        assert_eq!(app.balance().await, "24.8");
        app.verified().await;
    });
}

#[test]
fn a_list_leads_to_the_companies_that_it_names() {
    on_both_engines(async |engine| {
        let entry = |name: &str, host: &str| {
            format!("<li><h3>{name}</h3><p>Pumps and valves</p><a href=\"http://{host}/\">Website</a></li>")
        };
        let entries =
            [("Nordwind Pumpen GmbH", PUMPS), ("Thornfield Fasteners Ltd", BOLTS), ("Haicheng Valve", VALVES)];
        let entries: String = entries.iter().map(|(name, host)| entry(name, host)).collect();
        let page = format!(
            "<!doctype html><title>Top 3 pump manufacturers</title><nav><a href=/>Home</a></nav><main><h1>The 3 best \
             manufacturers of pumps and valves</h1><ol>{entries}</ol></main>"
        );
        let list = Site::made("pump-makers-list.example", vec![SiteFile::made("/", page)]);
        let server = search_for(&["pump-makers-list.example"]).await;
        let app = app_with(engine, vec![list], &server).await;
        let answer = now(&app, json!({})).await;
        assert_eq!(names(&answer).len(), 3, "{answer:?}");
        assert!(!answer.text.contains("pump-makers-list"), "a list is no lead");
        assert_eq!(app.balance().await, "24.7");
        app.verified().await;
    });
}

#[test]
fn a_company_is_judged_by_the_page_by_which_it_was_found() {
    const HOST: &str = "greeting.example";
    // The first page greets, and leads to an imprint alone; what the company does stands where the search found it.
    let page = |body: &str| format!("<!doctype html><html lang=en><title>Greeting Ltd</title><main>{body}</main>");
    let home = page("<h1>Welcome</h1><p>Nice that you are here.</p><a href=/contact>Contact</a>");
    let contact =
        page("<p>Greeting Ltd, 12 High Street, Leeds LS1 4AB. Tel. +44 113 496 0000, info@greeting.example</p>");
    let pumps = page("<h1>Centrifugal pumps</h1><p>We manufacture centrifugal pumps and dosing pumps in Leeds.</p>");
    on_both_engines(async |engine| {
        let files = [("/", &home), ("/contact", &contact), ("/what-we-do/pumps", &pumps)];
        let files = files.map(|(path, text)| SiteFile::made(path, text.clone())).to_vec();
        let found = |paths: &[&str]| {
            let hit = |path: &&str| (format!("http://{HOST}{path}"), "Greeting".to_owned(), String::new());
            SearchReply::Found(paths.iter().map(hit).collect())
        };
        let asked = json!({"Content": "pump manufacturers in the UK", "Explain": true});
        for (paths, expected) in [(&["/"][..], 0), (&["/what-we-do/pumps#top"], 1), (&["/", "/what-we-do/pumps"], 1)] {
            let server = always(found(paths)).await;
            let app = app_with(engine, vec![Site::made(HOST, files.clone())], &server).await;
            let answer = now(&app, asked.clone()).await;
            assert_eq!(names(&answer).len(), expected, "{paths:?}: {answer:?}");
            if let Some(lead) = answer.json.get(0) {
                assert_eq!(lead["Conditions"][0]["URL"], format!("http://{HOST}/what-we-do/pumps"), "{lead}");
            }
            app.verified().await;
        }
    });
}

#[test]
fn a_list_of_several_pages_is_read_on_while_leads_are_lacking() {
    on_both_engines(async |engine| {
        let entry = |(name, host): &(&str, &str)| {
            format!("<li><h3>{name}</h3><p>Pumps and valves</p><a href=\"http://{host}/\">Website</a></li>")
        };
        let page = |companies: &[(&str, &str)], next: &str| {
            let entries: String = companies.iter().map(entry).collect();
            format!(
                "<!doctype html><title>Top pump manufacturers</title><main><h1>The best manufacturers of pumps and \
                 valves</h1><ol>{entries}</ol><a href=\"{next}\">Next</a></main>"
            )
        };
        let first = [("Nordwind Pumpen GmbH", PUMPS), ("Old Pumps Ltd", "old.example"), ("Oil Ltd", "oil.example")];
        let second = [("Thornfield Fasteners Ltd", BOLTS), ("Haicheng Valve", VALVES), ("Air Ltd", "air.example")];
        let list = Site::made(
            "pump-makers-list.example",
            vec![
                SiteFile::made("/", page(&first, "/page/2")),
                SiteFile::made("/page/2", page(&second, "/page/3")),
                // The end: nobody new is named, so that it is not read further.
                SiteFile::made("/page/3", page(&second, "/page/4")),
                SiteFile::made("/page/4", page(&second, "/page/5")),
            ],
        );
        let server = search_for(&["pump-makers-list.example"]).await;
        let app = app_with(engine, vec![list], &server).await;
        let answer = now(&app, json!({})).await;
        assert_eq!(names(&answer).len(), 3, "{answer:?}");
        let read = |path: &str| app.page_requests(&format!("pump-makers-list.example{path}"));
        assert_eq!((read("/page/2"), read("/page/3"), read("/page/4")), (1, 1, 0));
    });
}

#[test]
fn what_a_provider_does_not_answer_is_told_with_the_leads() {
    on_both_engines(async |engine| {
        let server = always(SearchReply::Refuse(401)).await;
        let app = TestApp::with_sites(engine).await;
        import(&app, format!("name,website,country,description\nNordwind,{PUMPS},DE,Manufacturer of pumps\n")).await;
        let app =
            app.searching_in(|app| vec![app.searxng(&server, Some(PATIENCE)), Arc::new(app.app.directory.clone())]);
        let why = "it refuses to answer (status 401); check search.searxng.url";

        let answer = now(&app, json!({"Content": "pump manufacturers"})).await;
        assert_eq!((answer.status.as_u16(), names(&answer).len()), (200, 1));
        assert_eq!(answer.header("remark"), format!("searxng: {why}"));

        // From now on it is left alone, and whoever searches hears why.
        let id = submit(&app, json!({"Content": "pump manufacturers"})).await;
        app.work().await;
        let answer = result(&app, &id).await;
        let said = answer.header("remark");
        assert!(said.starts_with("searxng: it failed lately and is asked again in ") && said.ends_with(why), "{said}");
        assert_eq!(names(&answer).len(), 1, "the body is as ever: {answer:?}");
        let events = app.call("GET", &format!("/v1/getresult/events?ID={id}"), "").await.text;
        let told = events.matches("event: remark\ndata: {\"Remark\":\"searxng: it failed lately").count();
        assert_eq!(told, 1, "{events}");

        let app = app.searching_in(|app| vec![Arc::new(app.app.directory.clone())]);
        assert_eq!(now(&app, json!({"Content": "pump manufacturers"})).await.header("remark"), "");
    });
}

#[test]
fn what_no_vocabulary_has_is_found_by_its_meaning() {
    let Some(file) = cmes_testkit::model_file("e5-small-q4.bin") else { return };
    let settings = EmbedderSettings { threads: 1, ..EmbedderSettings::new(file) };
    let embedder: Arc<dyn Embedder> = Arc::new(EmbeddedEmbedder::new(settings));
    // In another language than the query, so that no word of it stands there.
    let site = |host: &str, name: &str, about: &str| {
        let page = format!(
            "<!doctype html><html lang=es><title>{name}</title><meta name=description content=\"{about}\"><main>\
             <h1>{name}</h1><p>{about}</main><footer>{name}, Calle Mayor 12, 46001 Valencia, España. Tel. +34 963 \
             123 456, info@{host}</footer>"
        );
        Site::made(host, vec![SiteFile::made("/", page)])
    };
    on_both_engines(async |engine| {
        let sites = vec![
            site(
                "los-robles.example",
                "Escuela canina Los Robles",
                "Adiestramiento de perros, clases de obediencia y cachorros en Valencia.",
            ),
            site(
                "miramar-valencia.example",
                "Hotel Miramar Valencia",
                "Habitaciones con vistas al mar, desayuno y piscina.",
            ),
            site(
                "muebles-soler.example",
                "Muebles Soler",
                "Fabricamos sofás, mesas y armarios a medida en nuestro taller.",
            ),
        ];
        let hosts = &["miramar-valencia.example", "los-robles.example", "muebles-soler.example"];
        let server = search_for(hosts).await;
        let asked = json!({"Content": "dog obedience teachers in Spain", "Explain": true});
        let test = TestApp::with_sites(engine).await.serving(sites).await;
        let by_words = test.searching_with(&server);
        assert_eq!(now(&by_words, asked.clone()).await.text, "[]", "words alone do not tell");
        let by_meaning = by_words.with_embedder(Arc::clone(&embedder)).searching_with(&server);
        let answer = now(&by_meaning, asked).await;
        assert_eq!(names(&answer), ["Escuela canina Los Robles"], "{answer:?}");
        assert_eq!(by_meaning.balance().await, "24.9");
        by_meaning.verified().await;
    });
}

/// Keeps the second answer only while a lead is taken, under a lock that taking needs too: as a database has one writer.
struct OneWriter {
    writer: Arc<Mutex<()>>,
    is_taking: watch::Receiver<bool>,
    answers: AtomicUsize,
}

impl AnswerCache for OneWriter {
    fn get<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Option<String>> {
        Box::pin(async { None })
    }

    fn put<'a>(&'a self, _key: &'a str, _answer: String) -> BoxFuture<'a, ()> {
        Box::pin(async {
            if self.answers.fetch_add(1, Ordering::SeqCst) == 1 {
                let _writer = self.writer.lock().await;
                let _ = self.is_taking.clone().wait_for(|is_taking| *is_taking).await;
            }
        })
    }
}

#[test]
fn a_lead_that_is_stored_and_an_answer_that_is_kept_do_not_wait_for_each_other() {
    on_both_engines(async |engine| {
        let server = search_for(&[PUMPS]).await;
        let test = TestApp::with_sites(engine).await.searching_with(&server);
        let app = &test.app;
        let (taking, is_taking) = watch::channel(false);
        let writer = Arc::new(Mutex::new(()));
        let cache = OneWriter { writer: Arc::clone(&writer), is_taking, answers: AtomicUsize::new(0) };
        let finder = app.finder.clone().remembering(Arc::new(cache));
        let tariffs = app.tariffs.current(&app.db, app.clock.now()).await.expect("tariffs");
        let enrich = Enrich { content: QUERY.to_owned(), ..Enrich::default() };
        let request = FindLeads { max_count: 5, enrich };
        let remarks = watch::Sender::default();
        let search = Search { request: &request, finished: Vec::new(), tariffs: &tariffs, observer: None, remarks };
        let mut count = 0;
        let mut taker = |_: Lead, number: usize| {
            count = number;
            taking.send_replace(true);
            let writer = Arc::clone(&writer);
            Box::pin(async move {
                drop(writer.lock().await);
                Ok(())
            }) as _
        };
        let found = tokio::time::timeout(Duration::from_secs(60), finder.find(search, &mut taker)).await;
        assert!(found.is_ok_and(|found| found.is_ok()) && count == 1, "{count} leads");
    });
}
