//! What a page may have of what it asks for, and the answers to it.
//!
//! Only what makes text is fetched: documents, scripts, data. Nothing is sent to
//! a server but GET without cookies, so that looking at a page changes nothing.

use std::collections::BTreeMap;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use cmes_fetch::Part;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

/// A request that Chromium holds until it is answered.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Asked {
    request_id: String,
    request: Request,
    frame_id: String,
    resource_type: String,
}

#[derive(Debug, Deserialize)]
struct Request {
    url: String,
    method: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The page itself, or where it leads.
    Document(Url),
    /// Fetched under the rules for pages.
    Part(Url),
    /// An empty answer of this type: what waits for it goes on.
    Empty(&'static str),
    /// Failed at once.
    Refused,
}

/// Hosts (and all below them) that count visitors, advertise, or ask for consent: no
/// text of the page comes from them, and the visit of a program should not be counted.
const TRACKERS: [&str; 24] = [
    "adsrvr.org",
    "amplitude.com",
    "bat.bing.com",
    "clarity.ms",
    "connect.facebook.net",
    "consent.cookiebot.com",
    "cdn.cookielaw.org",
    "criteo.net",
    "doubleclick.net",
    "google-analytics.com",
    "googleadservices.com",
    "googlesyndication.com",
    "googletagmanager.com",
    "hotjar.com",
    "hs-analytics.net",
    "js.hs-scripts.com",
    "mc.yandex.ru",
    "mixpanel.com",
    "newrelic.com",
    "nr-data.net",
    "sentry-cdn.com",
    "sentry.io",
    "snap.licdn.com",
    "usercentrics.eu",
];

impl Asked {
    pub(crate) fn verdict(&self, main_frame: &str) -> Verdict {
        let Ok(url) = Url::parse(&self.request.url) else { return Verdict::Refused };
        // Anything else may change something at the site: a POST sends forms.
        if self.request.method != "GET" || !matches!(url.scheme(), "http" | "https") {
            return Verdict::Refused;
        }
        match self.resource_type.as_str() {
            "Document" if self.frame_id == main_frame => Verdict::Document(url),
            // A frame's text is no text of the page; its load event is waited for.
            "Document" => Verdict::Empty("text/html"),
            // Loaders of parts of an application wait for their styles.
            "Stylesheet" => Verdict::Empty("text/css"),
            "Script" | "XHR" | "Fetch" if !is_tracker(&url) && !self.is_stream() => Verdict::Part(url),
            _ => Verdict::Refused,
        }
    }

    /// A stream of events has no end to wait for.
    fn is_stream(&self) -> bool {
        self.header("accept").is_some_and(|accept| accept.contains("text/event-stream"))
    }

    /// What its own server has to know to answer it: what a script accepts, and for
    /// whom the answer is (Chromium keeps it from a page that may not read it).
    /// Scripts are the same for everybody and may come from the cache.
    pub(crate) fn own_headers(&self) -> Vec<(&'static str, String)> {
        if self.resource_type == "Script" {
            return Vec::new();
        }
        let header = |name| self.header(name).map(|value| (name, value.to_owned()));
        ["accept", "origin"].into_iter().filter_map(header).collect()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.request.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Lets it fail for this reason of the protocol.
    pub(crate) fn failed(&self, reason: &str) -> (&'static str, Value) {
        ("Fetch.failRequest", json!({"requestId": self.request_id, "errorReason": reason}))
    }

    /// Answers it.
    pub(crate) fn answered(&self, status: u16, headers: &[(String, String)], body: &[u8]) -> (&'static str, Value) {
        let headers = headers.iter().filter(|(name, _)| is_passed_on(name));
        let headers: Vec<_> = headers.map(|(name, value)| json!({"name": name, "value": value})).collect();
        let answer = json!({
            "requestId": self.request_id,
            "responseCode": status,
            // Chromium knows no words for codes that servers made up.
            "responsePhrase": "Answer",
            "responseHeaders": headers,
            "body": BASE64_STANDARD.encode(body),
        });
        ("Fetch.fulfillRequest", answer)
    }

    /// Answers it with this type and text.
    pub(crate) fn answered_with(&self, content_type: &str, text: &str) -> (&'static str, Value) {
        let headers = [("content-type".to_owned(), format!("{content_type}; charset=utf-8"))];
        self.answered(200, &headers, text.as_bytes())
    }

    pub(crate) fn answered_by(&self, part: &Part) -> (&'static str, Value) {
        self.answered(part.status, &part.headers, &part.body)
    }
}

fn is_tracker(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    TRACKERS
        .iter()
        .any(|tracker| host.strip_suffix(tracker).is_some_and(|before| before.is_empty() || before.ends_with('.')))
}

/// Left out: what described the way of the bytes to us, what would have effects
/// beyond the page, and rules of the site for its own visitors.
fn is_passed_on(header: &str) -> bool {
    !matches!(
        header,
        "alt-svc"
            | "clear-site-data"
            | "connection"
            | "content-disposition"
            | "content-encoding"
            | "content-length"
            | "link"
            | "nel"
            | "refresh"
            | "report-to"
            | "reporting-endpoints"
            | "set-cookie"
            | "strict-transport-security"
            | "transfer-encoding"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(kind: &str, method: &str, url: &str, headers: &Value) -> Asked {
        let request = json!({"url": url, "method": method, "headers": headers});
        let event = json!({"requestId": "1", "request": request, "frameId": "main", "resourceType": kind});
        serde_json::from_value(event).expect("a request")
    }

    #[test]
    fn only_what_makes_text_is_fetched() {
        let check = |kind, method, address, expected| {
            assert_eq!(asked(kind, method, address, &json!({})).verdict("main"), expected, "{kind} {method} {address}");
        };
        let address = "https://a.example/x";
        let url = || Url::parse(address).expect("a URL");
        check("Document", "GET", address, Verdict::Document(url()));
        check("Script", "GET", address, Verdict::Part(url()));
        check("XHR", "GET", address, Verdict::Part(url()));
        check("Stylesheet", "GET", address, Verdict::Empty("text/css"));
        for kind in ["Image", "Media", "Font", "Ping", "Other", "EventSource", "WebSocket", "Manifest"] {
            check(kind, "GET", address, Verdict::Refused);
        }
        for method in ["POST", "PUT", "OPTIONS", "HEAD"] {
            check("XHR", method, address, Verdict::Refused);
        }
        check("Document", "POST", address, Verdict::Refused);
        check("Script", "GET", "file:///etc/passwd", Verdict::Refused);
        check("Script", "GET", "https://www.googletagmanager.com/gtm.js", Verdict::Refused);
        check(
            "Script",
            "GET",
            "https://notsentry.io/a.js",
            Verdict::Part(Url::parse("https://notsentry.io/a.js").expect("a URL")),
        );
        let frame = asked("Document", "GET", address, &json!({}));
        assert_eq!(frame.verdict("other"), Verdict::Empty("text/html"));
        let stream = asked("XHR", "GET", address, &json!({"Accept": "text/event-stream"}));
        assert_eq!(stream.verdict("main"), Verdict::Refused);
    }

    #[test]
    fn data_is_asked_for_as_the_script_asked() {
        let headers =
            json!({"Accept": "application/json", "ORIGIN": "https://b.example", "X-Key": "1", "Cookie": "a=b"});
        let data = asked("Fetch", "GET", "https://a.example/x", &headers);
        let own = [("accept", "application/json".to_owned()), ("origin", "https://b.example".to_owned())];
        assert_eq!(data.own_headers(), own);
        assert_eq!(asked("Script", "GET", "https://a.example/x", &headers).own_headers(), []);
    }

    #[test]
    fn what_has_effects_beyond_the_page_is_not_passed_on() {
        let headers = [("content-type", "a/b"), ("set-cookie", "a=b"), ("content-encoding", "br"), ("x-total", "7")];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let (_, answer) = asked("Fetch", "GET", "https://a.example/x", &json!({})).answered(200, &headers, b"{}");
        let names: Vec<_> = answer["responseHeaders"].as_array().expect("a list").iter().map(|h| &h["name"]).collect();
        assert_eq!(names, ["content-type", "x-total"]);
        assert_eq!(answer["body"], "e30=");
    }
}
