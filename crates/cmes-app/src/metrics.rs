//! Figures of what was done, for whoever shows them.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The figures of one process.
#[derive(Clone, Debug, Default)]
pub struct Metrics {
    tasks: Family<TaskLabels, Counter>,
    deliveries: Family<OutcomeLabels, Counter>,
    /// Pages read from the web.
    pub pages: Counter<u64, AtomicU64>,
    /// Pages among them that a browser rendered.
    pub rendered: Counter<u64, AtomicU64>,
    /// Articles that were cut into passages.
    pub articles_indexed: Counter<u64, AtomicU64>,
    /// Passages that were given a vector.
    pub passages_embedded: Counter<u64, AtomicU64>,
    /// Indices of knowledge bases that were built from the database.
    pub indices_built: Counter<u64, AtomicU64>,
    searches: Family<SearchLabels, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TaskLabels {
    method: String,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SearchLabels {
    by: &'static str,
}

impl Metrics {
    /// Enters the figures into a registry.
    pub fn register(&self, registry: &mut Registry) {
        registry.register("tasks", "Tasks that ended, by method and outcome", self.tasks.clone());
        registry.register("webhook_attempts", "Attempts to send a webhook, by outcome", self.deliveries.clone());
        registry.register("pages_read", "Pages read from the web, those from the cache included", self.pages.clone());
        registry.register("pages_rendered", "Pages among them rendered by the browser", self.rendered.clone());
        registry.register("articles_indexed", "Articles cut into passages", self.articles_indexed.clone());
        registry.register("passages_embedded", "Passages given a vector", self.passages_embedded.clone());
        registry.register("indices_built", "Indices built to search a knowledge base", self.indices_built.clone());
        registry.register("searches", "Searches in knowledge bases, by what was compared", self.searches.clone());
    }

    pub(crate) fn task_ended(&self, method: &str, outcome: &'static str) {
        self.tasks.get_or_create(&TaskLabels { method: method.to_owned(), outcome }).inc();
    }

    pub(crate) fn searched(&self, by_meaning: bool) {
        let by = if by_meaning { "words and meaning" } else { "words" };
        self.searches.get_or_create(&SearchLabels { by }).inc();
    }

    pub(crate) fn delivery_tried(&self, outcome: &'static str) {
        self.deliveries.get_or_create(&OutcomeLabels { outcome }).inc();
    }
}
