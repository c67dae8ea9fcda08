//! What those who want leads should know though some are found: which provider of search did not answer, and why.

use cmes_search::{Merged, NoAnswer, SearchError, SearchErrorKind};
use tokio::sync::watch;

/// Most remarks of one search.
const MOST: usize = 10;

/// Tells each remark once.
#[derive(Debug)]
pub(super) struct Remarks {
    told: watch::Sender<Vec<String>>,
    failed: Vec<(&'static str, SearchErrorKind)>,
}

impl Remarks {
    /// To those who follow the search.
    pub(super) fn to(told: watch::Sender<Vec<String>>) -> Self {
        Self { told, failed: Vec::new() }
    }

    /// Tells what providers said beside an answer.
    pub(super) fn answered(&mut self, merged: &Merged) {
        merged.failures.iter().for_each(|failure| self.failed(failure));
        merged.remarks.iter().for_each(|remark| self.tell(remark.clone()));
    }

    /// Tells why there was no answer.
    pub(super) fn unanswered(&mut self, why: &NoAnswer) {
        if let NoAnswer::AllFailed(failures) = why {
            failures.iter().for_each(|failure| self.failed(failure));
        }
    }

    /// A failure is told once, though it says another time each time; and a provider that is left alone has said why.
    fn failed(&mut self, failure: &SearchError) {
        let is_known = self.failed.iter().any(|(provider, kind)| {
            *provider == failure.provider && (*kind == failure.kind || failure.kind == SearchErrorKind::SetAside)
        });
        if !is_known {
            self.failed.push((failure.provider, failure.kind));
            self.tell(failure.to_string());
        }
    }

    fn tell(&mut self, remark: String) {
        self.told.send_if_modified(|told| {
            let is_new = told.len() < MOST && !told.contains(&remark);
            if is_new {
                tracing::info!(remark, "a search for leads has less to choose from");
                told.push(remark);
            }
            is_new
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(provider: &'static str, kind: SearchErrorKind, message: &str) -> SearchError {
        SearchError { provider, kind, message: message.to_owned(), retry_after: None, source: None }
    }

    #[test]
    fn each_failure_is_told_once_with_its_reason() {
        let (sender, told) = watch::channel(Vec::new());
        let mut remarks = Remarks::to(sender);
        let silent = "searxng: its search engine x does not respond".to_owned();
        let mut merged = Merged { remarks: vec![silent.clone()], ..Merged::default() };
        merged.failures.push(failure("brave", SearchErrorKind::Refused, "it refuses the key"));
        merged.failures.push(failure("tavily", SearchErrorKind::SetAside, "it failed lately: it refuses the key"));
        remarks.answered(&merged);
        remarks.answered(&Merged { remarks: vec![silent], ..Merged::default() });
        remarks.unanswered(&NoAnswer::AllFailed(vec![
            failure("brave", SearchErrorKind::SetAside, "it failed lately and is asked again in 14 minutes"),
            failure("tavily", SearchErrorKind::SetAside, "it failed lately and is asked again in 1 minute"),
            failure("serper", SearchErrorKind::Limited, "asked again in 43 seconds"),
            failure("serper", SearchErrorKind::Limited, "asked again in 42 seconds"),
        ]));
        let expected = [
            "brave: it refuses the key",
            "tavily: it failed lately: it refuses the key",
            "searxng: its search engine x does not respond",
            "serper: asked again in 43 seconds",
        ];
        assert_eq!(*told.borrow(), expected);
    }
}
