//! Which spans are exported, and with which attributes.
//!
//! A module that opens a span also logs what came of it ("answered", "task
//! ended"). The fields of those lines are the span's attributes, under the names
//! of OpenTelemetry's conventions where these have one. So the code that is
//! traced knows nothing of OpenTelemetry, log lines are the same with and
//! without it, and what leaves the program stands in one list: [`EXPORTED`].
//! A field that is not in it, such as the path of a page, stays here.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt, Tracer};
use opentelemetry::{Context as Place, KeyValue, Value};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracer;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// The spans of one module.
struct Exported {
    /// The module that opens the span; only what it and the modules in it log belongs to it.
    module: &'static str,
    kind: SpanKind,
    /// Names of fields, and the attributes that they become.
    attributes: &'static [(&'static str, &'static str)],
}

const METHOD: &str = "http.request.method";
const ROUTE: &str = "http.route";
const STATUS: &str = "http.response.status_code";
const ERROR: &str = "error.type";
/// The field with the caller's place in a trace.
const PARENT: &str = "traceparent";

/// Everything that leaves the program. Ids, names of ours and of models, figures, and the
/// hosts that were read: no Content, no key, no address of a person or a page.
static EXPORTED: [Exported; 5] = [
    Exported {
        module: "cmes_server::context",
        kind: SpanKind::Server,
        attributes: &[("id", "cmes.request.id"), ("method", METHOD), ("route", ROUTE), ("status", STATUS)],
    },
    Exported {
        module: "cmes_app::tasks",
        kind: SpanKind::Internal,
        attributes: &[
            ("task", "cmes.task.id"),
            ("method", "cmes.task.method"),
            ("outcome", "cmes.task.outcome"),
            ("kind", ERROR),
        ],
    },
    Exported {
        module: "cmes_app::webhooks",
        kind: SpanKind::Client,
        attributes: &[("delivery", "cmes.webhook.id"), ("outcome", "cmes.webhook.outcome"), ("status", STATUS)],
    },
    Exported {
        module: "cmes_app::model_calls",
        kind: SpanKind::Client,
        attributes: &[
            ("kind", "gen_ai.operation.name"),
            ("provider", "gen_ai.provider.name"),
            ("model", "gen_ai.request.model"),
            ("read", "gen_ai.usage.input_tokens"),
            ("written", "gen_ai.usage.output_tokens"),
            ("failure", ERROR),
        ],
    },
    Exported {
        module: "cmes_fetch::page",
        kind: SpanKind::Client,
        attributes: &[
            ("host", "server.address"),
            ("status", STATUS),
            ("bytes", "http.response.body.size"),
            ("source", "cmes.page.source"),
            ("kind", ERROR),
        ],
    },
];

impl Exported {
    fn holds(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().strip_prefix(self.module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    }
}

fn exported(metadata: &Metadata<'_>) -> Option<&'static Exported> {
    EXPORTED.iter().find(|exported| exported.holds(metadata))
}

/// The layer that turns spans of [`EXPORTED`] modules into spans of this tracer.
pub fn layer<S>(tracer: SdkTracer) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let wanted = filter_fn(|metadata| exported(metadata).is_some()).with_max_level_hint(LevelFilter::DEBUG);
    Spans { tracer }.with_filter(wanted)
}

struct Spans {
    tracer: SdkTracer,
}

/// A span under way.
struct Open {
    exported: &'static Exported,
    /// The place in the trace, with the span at its end.
    place: Place,
    found: Found,
}

impl<S> Layer<S> for Spans
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let (Some(span), Some(exported)) = (context.span(id), exported(attributes.metadata())) else { return };
        let mut found = Found::new(exported);
        attributes.record(&mut found);
        let inner = span.parent().and_then(|parent| parent.extensions().get().map(|open: &Open| open.place.clone()));
        let parent = inner.or_else(|| found.parent.take()).unwrap_or_default();
        let builder = self.tracer.span_builder(span.name()).with_kind(exported.kind.clone());
        let started = self.tracer.build_with_context(builder, &parent);
        span.extensions_mut().insert(Open { exported, place: parent.with_span(started), found });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>() {
            values.record(&mut open.found);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(span) = context.event_span(event) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<Open>()
            && open.exported.holds(event.metadata())
        {
            event.record(&mut open.found);
            open.found.is_error |= *event.metadata().level() == Level::ERROR;
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let open = context.span(&id).and_then(|span| span.extensions_mut().remove::<Open>());
        let Some(mut open) = open else { return };
        open.found.tame();
        let span = open.place.span();
        if let Some(name) = open.found.name() {
            span.update_name(name);
        }
        if open.found.is_failure(&open.exported.kind) {
            span.set_status(Status::error(""));
        }
        span.set_attributes(open.found.attributes.into_iter().map(|(name, value)| KeyValue::new(name, value)));
        span.end();
    }
}

/// What is known of a span.
struct Found {
    names: &'static [(&'static str, &'static str)],
    attributes: BTreeMap<&'static str, Value>,
    /// Where the caller's trace goes on.
    parent: Option<Place>,
    is_error: bool,
}

impl Found {
    fn new(exported: &Exported) -> Self {
        Self { names: exported.attributes, attributes: BTreeMap::new(), parent: None, is_error: false }
    }

    fn keep(&mut self, field: &Field, value: impl FnOnce() -> Value) {
        if let Some((_, name)) = self.names.iter().find(|(known, _)| *known == field.name()) {
            self.attributes.insert(name, value());
        }
    }

    /// A method can be any word of the client's; the standard's word for those is `_OTHER`.
    fn tame(&mut self) {
        const KNOWN: [&str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];
        if let Some(method) = self.attributes.get_mut(METHOD)
            && !KNOWN.contains(&&*method.as_str())
        {
            *method = "_OTHER".into();
        }
    }

    /// The name of a request's span: method and route, of which there are few.
    fn name(&self) -> Option<String> {
        Some(format!("{} {}", self.attributes.get(METHOD)?, self.attributes.get(ROUTE)?))
    }

    /// A server has failed from 500 on, for a client 400 is a failure too.
    fn is_failure(&self, kind: &SpanKind) -> bool {
        let first = if *kind == SpanKind::Server { 500 } else { 400 };
        let has_failed = matches!(self.attributes.get(STATUS), Some(Value::I64(status)) if *status >= first);
        self.is_error || has_failed || self.attributes.contains_key(ERROR)
    }
}

impl Visit for Found {
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, || i64::try_from(value).unwrap_or(i64::MAX).into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == PARENT {
            let header = HashMap::from([(PARENT.to_owned(), value.to_owned())]);
            self.parent = Some(TraceContextPropagator::new().extract(&header));
        }
        self.keep(field, || value.to_owned().into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.keep(field, || format!("{value:?}").into());
    }
}
