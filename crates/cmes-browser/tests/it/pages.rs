//! Pages of honest sites.

use cmes_fetch::ContentKind;

use crate::support::{Is, page, patient, serve};

#[tokio::test]
async fn what_scripts_make_of_a_page_is_its_text() {
    let site = serve([
        (
            "/",
            page(
                "<html lang=de><body><div id=root></div><link rel=stylesheet href=/s.css><img src=/i.png>\
                 <iframe src=/frame></iframe><script type=module src=/moved.js></script></body></html>",
            ),
        ),
        ("/moved.js", Is::Moved("/lib/app.js".into())),
        (
            "/lib/app.js",
            Is::Script(
                "import { name } from './name.js';
                 const data = await (await fetch('/api/firm.json')).json();
                 history.pushState({}, '', '/start#top');
                 setTimeout(() => root.innerHTML = `<h1>${name}</h1><p>${data.city}</p>`, 50);",
            ),
        ),
        ("/lib/name.js", Is::Script("export const name = 'Bäckerei Öhler';")),
        ("/api/firm.json", Is::Data("{\"city\": \"Lübeck\"}")),
    ])
    .await;
    let Some(browser) = site.browser(patient()) else { return };
    let rendered = site.render(&browser, "/").await.expect("a page");
    assert!(rendered.text.contains("<h1>Bäckerei Öhler</h1><p>Lübeck</p>"), "{}", rendered.text);
    assert!(rendered.text.starts_with("<html lang=\"de\">"), "{}", rendered.text);
    assert_eq!((rendered.url, rendered.content_type), (site.url("/start"), ContentKind::Html));
    assert!(rendered.headers.iter().any(|(name, _)| name == "x-served-by"));
    let expected = ["GET /", "GET /moved.js", "GET /lib/app.js", "GET /lib/name.js", "GET /api/firm.json"];
    assert_eq!(site.seen(), expected);
}

#[tokio::test]
async fn text_in_components_is_text_of_the_page() {
    let site = serve([(
        "/",
        page(
            "<body><x-card>light</x-card><script>customElements.define('x-card', class extends HTMLElement {
                constructor() { super(); this.attachShadow({mode: 'open'}).innerHTML = '<b>shadow</b><slot></slot>'; }
             })</script>",
        ),
    )])
    .await;
    let Some(browser) = site.browser(patient()) else { return };
    let rendered = site.render(&browser, "/").await.expect("a page");
    assert!(rendered.text.contains("<x-card><b>shadow</b><slot></slot>light</x-card>"), "{}", rendered.text);
}

#[tokio::test]
async fn a_page_that_waits_before_it_begins_is_waited_for() {
    let script = "setTimeout(async () => { await fetch('/api'); document.body.append('came late') }, 1000)";
    let site = serve([("/", page(format!("<body><script>{script}</script>"))), ("/api", Is::Data("1"))]).await;
    let Some(browser) = site.browser(patient()) else { return };
    let rendered = site.render(&browser, "/").await.expect("a page");
    assert!(rendered.text.contains("came late"), "{}", rendered.text);
}

#[tokio::test]
async fn a_script_that_leads_elsewhere_is_a_redirect() {
    let site = serve([
        ("/", page("<script>location.replace('/de/')</script>")),
        ("/de/", Is::Moved("/de/start".into())),
        ("/de/start", page("<p>Willkommen</p><script>document.body.append('!')</script>")),
    ])
    .await;
    let Some(browser) = site.browser(patient()) else { return };
    let rendered = site.render(&browser, "/").await.expect("a page");
    assert_eq!(rendered.url, site.url("/de/start"));
    assert!(rendered.text.contains("Willkommen"), "{}", rendered.text);
}

#[tokio::test]
async fn one_page_leaves_nothing_to_the_next() {
    let script = "const before = localStorage.a + document.cookie; localStorage.a = 1; document.cookie = 'b=1';
                  document.body.append(`before: ${before}; after: ${localStorage.a}${document.cookie}`)";
    let site = serve([("/", page(format!("<body><script>{script}</script>")))]).await;
    let Some(browser) = site.browser(patient()) else { return };
    for _ in 0..2 {
        let rendered = site.render(&browser, "/").await.expect("a page");
        assert!(rendered.text.contains("before: undefined; after: 1b=1"), "{}", rendered.text);
    }
}

#[tokio::test]
async fn many_pages_at_once_take_turns_in_one_process() {
    let site = serve([("/", page("<body><script>document.body.append('made ' + 'here')</script>"))]).await;
    let Some(browser) = site.browser(patient()) else { return };
    let fetched = site.fetched("/").await;
    let budget = cmes_fetch::Budget::default();
    let (a, b, c, d) = tokio::join!(
        browser.render(&fetched, &budget),
        browser.render(&fetched, &budget),
        browser.render(&fetched, &budget),
        browser.render(&fetched, &budget),
    );
    for rendered in [a, b, c, d] {
        assert!(rendered.expect("a page").text.contains("made here"));
    }
    let id = browser.process_id().await.expect("it is warm");
    site.render(&browser, "/").await.expect("a page");
    assert_eq!(browser.process_id().await, Some(id));
}
