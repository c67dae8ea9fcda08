//! Figures of what was done, for whoever shows them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use cmes_search::{Answered, Observer, SearchErrorKind};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// The figures of one process.
#[derive(Clone, Debug)]
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
    /// Leads that were finished and stored.
    pub leads_finished: Counter<u64, AtomicU64>,
    searches: Family<SearchLabels, Counter>,
    provider_searches: Family<AnswerLabels, Counter>,
    provider_seconds: Family<ProviderLabels, Histogram>,
    model_calls: Family<CallOutcomeLabels, Counter>,
    model_tokens: Family<TokenLabels, Counter>,
    model_seconds: Family<CallLabels, Histogram>,
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

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProviderLabels {
    provider: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct AnswerLabels {
    provider: &'static str,
    outcome: &'static str,
}

/// Who was asked for what: `chat` or `embeddings`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct CallLabels {
    pub provider: &'static str,
    pub model: String,
    pub kind: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CallOutcomeLabels {
    #[prometheus(flatten)]
    call: CallLabels,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TokenLabels {
    #[prometheus(flatten)]
    call: CallLabels,
    direction: &'static str,
}

/// Upper bounds in seconds, from the embedding of a question to a long answer of a small machine.
const MODEL_BOUNDS: [f64; 10] = [0.01, 0.05, 0.2, 0.5, 1.0, 2.5, 5.0, 15.0, 45.0, 120.0];

/// Upper bounds in seconds, from the directory in memory to the patience with a provider.
const SEARCH_BOUNDS: [f64; 10] = [0.002, 0.01, 0.05, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

impl Default for Metrics {
    fn default() -> Self {
        let of_search = (|| Histogram::new(SEARCH_BOUNDS)) as fn() -> Histogram;
        let histogram = (|| Histogram::new(MODEL_BOUNDS)) as fn() -> Histogram;
        Self {
            tasks: Family::default(),
            deliveries: Family::default(),
            pages: Counter::default(),
            rendered: Counter::default(),
            articles_indexed: Counter::default(),
            passages_embedded: Counter::default(),
            indices_built: Counter::default(),
            leads_finished: Counter::default(),
            searches: Family::default(),
            provider_searches: Family::default(),
            provider_seconds: Family::new_with_constructor(of_search),
            model_calls: Family::default(),
            model_tokens: Family::default(),
            model_seconds: Family::new_with_constructor(histogram),
        }
    }
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
        registry.register("leads_finished", "Leads found and stored", self.leads_finished.clone());
        let answers = self.provider_searches.clone();
        registry.register("provider_searches", "Searches for companies, by provider and outcome", answers);
        let seconds = self.provider_seconds.clone();
        let what = "Time of a search that a provider was asked for";
        registry.register_with_unit("provider_search_duration", what, Unit::Seconds, seconds);
        registry.register("model_calls", "Calls of models that ended, by outcome", self.model_calls.clone());
        registry.register("model_tokens", "Tokens that models read and wrote", self.model_tokens.clone());
        let seconds = self.model_seconds.clone();
        registry.register_with_unit("model_call_duration", "Time of a call of a model", Unit::Seconds, seconds);
    }

    pub(crate) fn task_ended(&self, method: &str, outcome: &'static str) {
        self.tasks.get_or_create(&TaskLabels { method: method.to_owned(), outcome }).inc();
    }

    pub(crate) fn searched(&self, by_meaning: bool) {
        let by = if by_meaning { "words and meaning" } else { "words" };
        self.searches.get_or_create(&SearchLabels { by }).inc();
    }

    /// Counts how the providers of search answer.
    #[must_use]
    pub fn of_providers(&self) -> Arc<Observer> {
        let metrics = self.clone();
        Arc::new(move |answered| metrics.provider_answered(answered))
    }

    fn provider_answered(&self, Answered { provider, outcome, is_kept, took }: Answered) {
        let shown = match outcome {
            Ok(_) if is_kept => "kept",
            Ok(0) => "nothing",
            Ok(_) => "found",
            Err(kind) => kind.name(),
        };
        self.provider_searches.get_or_create(&AnswerLabels { provider, outcome: shown }).inc();
        // Who was not asked took no time.
        if !is_kept && outcome != Err(SearchErrorKind::SetAside) {
            self.provider_seconds.get_or_create(&ProviderLabels { provider }).observe(took.as_secs_f64());
        }
    }

    pub(crate) fn delivery_tried(&self, outcome: &'static str) {
        self.deliveries.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// A call of a model ended so, after reading and writing so many tokens.
    pub(crate) fn model_called(
        &self,
        call: &CallLabels,
        outcome: &'static str,
        [read, written]: [u32; 2],
        elapsed: Duration,
    ) {
        self.model_calls.get_or_create(&CallOutcomeLabels { call: call.clone(), outcome }).inc();
        for (direction, tokens) in [("read", read), ("written", written)] {
            if tokens > 0 {
                let labels = TokenLabels { call: call.clone(), direction };
                self.model_tokens.get_or_create(&labels).inc_by(u64::from(tokens));
            }
        }
        self.model_seconds.get_or_create(call).observe(elapsed.as_secs_f64());
    }
}
