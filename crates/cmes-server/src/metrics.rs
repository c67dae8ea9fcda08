//! Figures for Prometheus, in the OpenMetrics text format.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use cmes_store::jobs::Count;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// The figures of one server.
pub struct Metrics {
    registry: Registry,
    /// Requests that are being worked on.
    pub in_flight: Gauge,
    requests: Family<RequestLabels, Counter>,
    durations: Family<RouteLabels, Histogram>,
    jobs: Family<JobLabels, Gauge>,
    /// The figures of each route and status, found without making their labels
    /// anew. Neither is without end.
    known: RwLock<HashMap<String, ByStatus>>,
}

/// How often a route was answered with each status, and how fast it is.
type ByStatus = HashMap<u16, (Counter, Histogram)>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct JobLabels {
    kind: String,
    state: String,
}

/// Upper bounds in seconds, from an echo to a slow enrichment.
const BOUNDS: [f64; 10] = [0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 2.5, 5.0, 15.0, 45.0];

impl Metrics {
    pub(crate) fn new(app: &cmes_app::metrics::Metrics) -> Self {
        let mut registry = Registry::with_prefix("cmes");
        let in_flight = Gauge::default();
        let requests = Family::default();
        let durations = Family::new_with_constructor((|| Histogram::new(BOUNDS)) as fn() -> Histogram);
        let jobs = Family::default();
        registry.register("http_requests_in_flight", "Requests being worked on", in_flight.clone());
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit("http_request_duration", "Time to answer", Unit::Seconds, durations.clone());
        registry.register("jobs", "Jobs in the queue, by kind and state", jobs.clone());
        app.register(&mut registry);
        Self { registry, in_flight, requests, durations, known: RwLock::default(), jobs }
    }

    pub(crate) fn answered(&self, route: &str, status: u16, elapsed: Duration) {
        let count = |(answers, durations): &(Counter, Histogram)| {
            answers.inc();
            durations.observe(elapsed.as_secs_f64());
        };
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(figures) = known.get(route).and_then(|statuses| statuses.get(&status)) {
            return count(figures);
        }
        drop(known);
        let answers = self.requests.get_or_create_owned(&RequestLabels { route: route.to_owned(), status });
        let durations = self.durations.get_or_create_owned(&RouteLabels { route: route.to_owned() });
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        count(known.entry(route.to_owned()).or_default().entry(status).or_insert((answers, durations)));
    }

    /// Sets the length of the queue, which all processes share.
    pub(crate) fn set_jobs(&self, counts: &[Count]) {
        self.jobs.clear();
        for count in counts {
            let labels = JobLabels { kind: count.kind.clone(), state: count.state.clone() };
            self.jobs.get_or_create(&labels).set(count.jobs);
        }
    }

    /// All figures as text.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
