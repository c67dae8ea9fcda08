//! Knowledge bases and their articles, except import and search.

mod concurrency;
mod examples;
mod identifiers;
mod indexing;
mod limits;
mod tenants;
mod tree;

use serde_json::Value;
use uuid::Uuid;

use crate::support::{Answer, TestApp};

/// Requests and answers as text, each UUID replaced by its place in the order of appearance.
pub struct Transcript<'a> {
    app: &'a TestApp,
    text: String,
    ids: Vec<String>,
}

impl<'a> Transcript<'a> {
    pub fn of(app: &'a TestApp) -> Self {
        Self { app, text: String::new(), ids: Vec::new() }
    }

    /// Sends a request to a method below `/v1/knowledgebase/`.
    pub async fn post(&mut self, method: &str, body: impl AsRef<str>) -> Value {
        let body = body.as_ref();
        let answer = self.app.post(&format!("/v1/knowledgebase/{method}"), body.to_owned()).await;
        self.note(&format!("{method} {body}"), answer)
    }

    /// Notes a request and its answer.
    pub fn note(&mut self, request: &str, answer: Answer) -> Value {
        let body = match answer.header("request-id") {
            "" => answer.text.clone(),
            id => answer.text.replace(id, "…"),
        };
        let entry = format!("{request}\n{} {body}\n", answer.status.as_u16());
        let entry = self.without_ids(&entry);
        self.text.push_str(&entry);
        if !answer.header("ignored-fields").is_empty() {
            self.text.push_str(&format!("Ignored-Fields: {}\n", answer.header("ignored-fields")));
        }
        self.text.push('\n');
        answer.json
    }

    /// A line between requests.
    pub fn say(&mut self, line: &str) {
        self.text.push_str(&format!("# {line}\n\n"));
    }

    pub fn text(&self) -> &str {
        self.text.trim_end()
    }

    fn without_ids(&mut self, text: &str) -> String {
        const LENGTH: usize = 36;
        let mut out = String::new();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let candidate = rest.get(..LENGTH).filter(|text| text.as_bytes().get(8) == Some(&b'-'));
            let Some(id) = candidate.filter(|text| Uuid::parse_str(text).is_ok()) else {
                out.push(letter);
                rest = &rest[letter.len_utf8()..];
                continue;
            };
            let known = self.ids.iter().position(|known| known == id);
            let place = known.unwrap_or_else(|| {
                self.ids.push(id.to_owned());
                self.ids.len() - 1
            });
            out.push_str(&format!("id-{}", place + 1));
            rest = &rest[LENGTH..];
        }
        out
    }
}

/// A request that has to work.
pub async fn done(app: &TestApp, method: &str, body: Value) -> Value {
    let answer = app.post(&format!("/v1/knowledgebase/{method}"), body.to_string()).await;
    assert_eq!(answer.status, 200, "{method} {body}: {answer:?}");
    answer.json
}
