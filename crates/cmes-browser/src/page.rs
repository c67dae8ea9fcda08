//! One page: opened, fed, waited for, its text taken, closed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use cmes_fetch::{Budget, ContentKind, FetchError, Fetched, Fetcher};
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;
use tokio::time::{Instant, sleep, timeout, timeout_at};
use url::Url;

use crate::browser::Limits;
use crate::error::BrowserError;
use crate::process::ANSWER;
use crate::protocol::{Connection, Event};
use crate::requests::{Asked, Verdict};

/// Between two looks at a page.
const LOOK: Duration = Duration::from_millis(100);
/// So long nothing was fetched and nothing changed on a page that is ready. Longer
/// for one without text yet: many wait for a timer before they fetch anything.
const QUIET: Duration = Duration::from_millis(300);
const QUIET_WITHOUT_TEXT: Duration = Duration::from_secs(2);
/// A page whose time is over may still say what it has.
const GRACE: Duration = Duration::from_secs(1);
/// Documents one page may lead to, redirects included.
const MOST_DOCUMENTS: u32 = 8;

/// A page's state as it changes: text, elements, address.
const STATE: &str = "[document.body ? document.body.innerText.trim().length : 0, \
                     document.getElementsByTagName('*').length, document.URL]";
/// The document as text, with what components keep in (open) shadow trees. The copy
/// is made outside of the page, where no script of it runs.
const TEXT: &str = include_str!("text.js");

/// Renders a page that was fetched.
pub(crate) async fn render(
    connection: &Connection,
    fetcher: &Fetcher,
    page: &Fetched,
    limits: &Limits,
    budget: &Budget,
) -> Result<Fetched, BrowserError> {
    let late = BrowserError::Timeout(limits.time);
    let deadline = budget.deadline().min(Instant::now() + limits.time);
    let Ok(tab) = timeout(ANSWER, Tab::open(connection)).await else { return Err(late) };
    let (tab, mut events) = tab?;
    let visit = Visit { tab: &tab, fetcher, budget, page, activity: Mutex::new(Activity::new()) };
    tab.tell("Page.navigate", &json!({"url": page.url.as_str()}));
    let taken = tokio::select! {
        error = visit.serve(&mut events) => return Err(error),
        taken = timeout_at(deadline + GRACE, visit.text(deadline, limits.text)) => taken,
    };
    let Ok(taken) = taken else { return Err(late) };
    visit.rendered(&taken?)
}

/// A page of Chromium with nothing in it yet, in a world of its own: no cookie,
/// no storage and no cache is shared. It is closed when this value is dropped.
struct Tab<'a> {
    context: Context<'a>,
    /// The page's frame; frames within it have other ids.
    frame: String,
    session: String,
}

struct Context<'a> {
    connection: &'a Connection,
    id: String,
}

impl Drop for Context<'_> {
    fn drop(&mut self) {
        self.connection.tell("", "Target.disposeBrowserContext", &json!({"browserContextId": self.id}));
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        self.context.connection.unwatch(&self.session);
    }
}

impl<'a> Tab<'a> {
    async fn open(connection: &'a Connection) -> Result<(Tab<'a>, Receiver<Event>), BrowserError> {
        let text = |value: &Value| value.as_str().map(str::to_owned).ok_or(BrowserError::Crashed);
        let created = connection.call("", "Target.createBrowserContext", json!({})).await?;
        let context = Context { connection, id: text(&created["browserContextId"])? };
        let downloads = json!({"behavior": "deny", "browserContextId": context.id});
        connection.tell("", "Browser.setDownloadBehavior", &downloads);
        let blank = json!({"url": "about:blank", "browserContextId": context.id});
        let frame = text(&connection.call("", "Target.createTarget", blank).await?["targetId"])?;
        let attach = json!({"targetId": frame, "flatten": true});
        let session = text(&connection.call("", "Target.attachToTarget", attach).await?["sessionId"])?;
        let events = connection.watch(&session);
        let tab = Tab { context, frame, session };
        tab.hold_requests(&tab.session);
        // Answered after everything before it has taken effect.
        tab.call("Page.getFrameTree", json!({})).await?;
        Ok((tab, events))
    }

    /// From now on each request waits for our answer, and whatever the session
    /// starts (a frame in a process of its own, a worker) stands still until it is let go.
    fn hold_requests(&self, session: &str) {
        let connection = self.context.connection;
        connection.tell(session, "Page.enable", &json!({}));
        connection.tell(session, "Fetch.enable", &json!({"patterns": [{"urlPattern": "*"}]}));
        let attach = json!({"autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true});
        connection.tell(session, "Target.setAutoAttach", &attach);
    }

    fn tell(&self, method: &str, params: &Value) {
        self.context.connection.tell(&self.session, method, params);
    }

    async fn call(&self, method: &str, params: Value) -> Result<Value, BrowserError> {
        self.context.connection.call(&self.session, method, params).await
    }

    /// The value of an expression, seen from a world that the page's scripts cannot reach.
    async fn value(&self, expression: &str) -> Result<Value, BrowserError> {
        let world = self.call("Page.createIsolatedWorld", json!({"frameId": self.frame, "worldName": "cmes"})).await?;
        let context = &world["executionContextId"];
        let question = json!({"expression": expression, "contextId": context, "returnByValue": true});
        let mut answer = self.call("Runtime.evaluate", question).await?;
        Ok(answer["result"]["value"].take())
    }
}

/// The rendering of one page.
struct Visit<'a> {
    tab: &'a Tab<'a>,
    fetcher: &'a Fetcher,
    budget: &'a Budget,
    page: &'a Fetched,
    activity: Mutex<Activity>,
}

/// What goes on in the page.
struct Activity {
    loaded: bool,
    /// Requests being answered, and when that last changed.
    open: u32,
    since: Instant,
    documents: u32,
    /// The document to which the page has led, with its headers.
    led_to: Option<(Url, Vec<(String, String)>)>,
}

impl Activity {
    fn new() -> Activity {
        Activity { loaded: false, open: 0, since: Instant::now(), documents: 0, led_to: None }
    }
}

impl Visit<'_> {
    fn activity<T>(&self, change: impl FnOnce(&mut Activity) -> T) -> T {
        change(&mut self.activity.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers what the page asks for; ends only with what ends the page.
    async fn serve(&self, events: &mut Receiver<Event>) -> BrowserError {
        let mut answers = FuturesUnordered::new();
        loop {
            tokio::select! {
                event = events.recv() => {
                    let Some(event) = event else { return BrowserError::Crashed };
                    let is_main = event.session == self.tab.session;
                    match event.method.as_str() {
                        "Fetch.requestPaused" => answers.extend(
                            serde_json::from_value(event.params).ok().map(|asked| self.answer(event.session, asked)),
                        ),
                        "Page.loadEventFired" if is_main => self.activity(|activity| activity.loaded = true),
                        "Page.javascriptDialogOpening" => self.dismiss(&event),
                        "Target.attachedToTarget" => self.attached(&event.params),
                        "Inspector.targetCrashed" | "Target.detachedFromTarget" if is_main => {
                            return BrowserError::Crashed;
                        }
                        _ => {}
                    }
                }
                Some(answered) = answers.next(), if !answers.is_empty() => {
                    if let Err(error) = answered {
                        return error;
                    }
                }
            }
        }
    }

    /// Nobody answers questions; who asks before leaving is let go.
    fn dismiss(&self, event: &Event) {
        let accept = event.params["type"] == "beforeunload";
        self.tab.context.connection.tell(&event.session, "Page.handleJavaScriptDialog", &json!({"accept": accept}));
    }

    /// Frames go on, under the same rules. Workers do not: no text is made there.
    fn attached(&self, params: &Value) {
        if params["targetInfo"]["type"] == "iframe"
            && let Some(session) = params["sessionId"].as_str()
        {
            self.tab.hold_requests(session);
            self.tab.context.connection.tell(session, "Runtime.runIfWaitingForDebugger", &json!({}));
        }
    }

    async fn answer(&self, session: String, asked: Asked) -> Result<(), BrowserError> {
        self.activity(|activity| activity.open += 1);
        let answer = match asked.verdict(&self.tab.frame) {
            Verdict::Document(url) => self.document(&asked, url).await,
            Verdict::Part(url) => Ok(match self.fetcher.part(&url, asked.own_headers(), self.budget).await {
                Ok(part) => asked.answered_by(&part),
                Err(_) => asked.failed("Failed"),
            }),
            Verdict::Empty(content_type) => Ok(asked.answered_with(content_type, "")),
            Verdict::Refused => Ok(asked.failed("BlockedByClient")),
        };
        self.activity(|activity| {
            activity.open -= 1;
            activity.since = Instant::now();
        });
        let (method, params) = answer?;
        self.tab.context.connection.tell(&session, method, &params);
        Ok(())
    }

    /// The page that was fetched already, or where its scripts lead: another
    /// document, judged as a redirect would be.
    async fn document(&self, asked: &Asked, url: Url) -> Result<(&'static str, Value), BrowserError> {
        let count = self.activity(|activity| {
            activity.documents += 1;
            activity.documents
        });
        if count > MOST_DOCUMENTS {
            return Err(BrowserError::Circle);
        }
        if count == 1 {
            return Ok(asked.answered_with("text/html", &self.page.text));
        }
        let part = self.fetcher.part(&url, Vec::new(), self.budget).await?;
        match part.status {
            300..=399 => {}
            200..=299 if part.header("content-type").is_none_or(|kind| kind.contains("html")) => {
                self.activity(|activity| activity.led_to = Some((url, part.headers.clone())));
            }
            // A download: the page stays.
            200..=299 => return Ok(asked.failed("Aborted")),
            status => return Err(FetchError::Status { url: url.to_string(), status, retry_after: None }.into()),
        }
        self.activity(|activity| activity.loaded = false);
        Ok(asked.answered_by(&part))
    }

    /// Waits until the page has come to rest, or its time is over, and takes its text.
    async fn text(&self, deadline: Instant, limit: usize) -> Result<Value, BrowserError> {
        let mut known = Value::Null;
        while Instant::now() < deadline {
            sleep(LOOK).await;
            let (busy, quiet) = self.activity(|a| (a.open > 0 || !a.loaded, a.since.elapsed()));
            if busy || quiet < QUIET {
                continue;
            }
            let state = self.tab.value(STATE).await?;
            let has_text = state[0].as_u64() > Some(0);
            if state == known && (has_text || quiet > QUIET_WITHOUT_TEXT) {
                break;
            }
            known = state;
        }
        self.tab.value(&format!("({TEXT})({limit})")).await
    }

    fn rendered(&self, taken: &Value) -> Result<Fetched, BrowserError> {
        let text = taken["text"].as_str().ok_or(BrowserError::Crashed)?;
        let (document, headers) = match self.activity(|activity| activity.led_to.take()) {
            Some((url, headers)) => (url, headers),
            None => (self.page.url.clone(), self.page.headers.clone()),
        };
        // A script may give its document another path, but not another host.
        let shown = taken["url"].as_str().and_then(|url| Url::parse(url).ok());
        let mut url = shown.filter(|shown| shown.origin() == document.origin()).unwrap_or(document);
        url.set_fragment(None);
        Ok(Fetched {
            url,
            headers,
            content_type: ContentKind::Html,
            text: text.to_owned(),
            charset: "UTF-8",
            truncated: taken["truncated"] == true,
            ..self.page.clone()
        })
    }
}
