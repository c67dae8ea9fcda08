//! What the server tells its operator while it runs: log lines, and, when the
//! standard variables of OpenTelemetry ask for them, traces.
//!
//! Traces go over OTLP (HTTP with protobuf) to the collector that
//! `OTEL_EXPORTER_OTLP_ENDPOINT` names; endpoint, headers, time limit, sampler
//! and batches are read from the environment by the SDK itself. What a trace
//! holds is decided in [`spans`].

mod spans;

use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cmes_fetch::ServiceClient;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use crate::commands::Failure;
use crate::config::{Log, LogFormat};

/// How long the last spans may take when the server stops.
const LAST_MOMENT: Duration = Duration::from_secs(2);
/// How long a request to the collector may take (OTLP's default).
const TIMEOUT: Duration = Duration::from_secs(10);

/// What has to be ended before the program ends.
#[must_use]
pub struct Telemetry(Option<SdkTracerProvider>);

/// Starts the log, and the export of traces if the environment asks for it.
///
/// # Errors
/// When `log.level` or one of the variables cannot be used.
pub fn start(log: &Log) -> Result<Telemetry, Failure> {
    let filter = EnvFilter::try_new(&log.level).map_err(|error| {
        Failure::because(error)
            .with("log.level takes error, warn, info, debug, trace, or filters such as info,cmes_fetch=debug")
    })?;
    let registry = tracing_subscriber::registry();
    let provider = if wants_traces() { Some(provider()?) } else { None };
    let started = match &provider {
        None => registry.with(filter).with(lines(log)).try_init(),
        // Each with a filter of its own: what is exported does not depend on log.level.
        Some(provider) => {
            let traces = spans::layer(provider.tracer("cmes"));
            registry.with(lines(log).with_filter(filter)).with(traces).try_init()
        }
    };
    started.map_err(|error| Failure::new(error.to_string()))?;
    if let Some(protocol) = variable("PROTOCOL").filter(|protocol| provider.is_some() && protocol != "http/protobuf") {
        tracing::warn!(protocol, "traces are sent as http/protobuf, the only protocol of OTLP that is spoken here");
    }
    Ok(Telemetry(provider))
}

impl Telemetry {
    /// Sends the last spans, as far as that is possible in a moment.
    pub async fn stop(self) {
        let Some(provider) = self.0 else { return };
        // It waits for a thread of its own. What goes wrong has been said by [`Sender`].
        let _ = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST_MOMENT)).await;
    }
}

/// The lines of the log on standard error.
fn lines<S>(log: &Log) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => lines.with_ansi(console::colors_enabled_stderr()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    }
}

/// A variable with a value: an empty one counts as not set, by the standard.
fn set(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// A variable of the exporter; the one for traces alone wins.
fn variable(name: &str) -> Option<String> {
    set(&format!("OTEL_EXPORTER_OTLP_TRACES_{name}")).or_else(|| set(&format!("OTEL_EXPORTER_OTLP_{name}")))
}

fn wants_traces() -> bool {
    let is_disabled = set("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"));
    let is_otlp = set("OTEL_TRACES_EXPORTER").is_none_or(|names| names.split(',').any(|name| name.trim() == "otlp"));
    variable("ENDPOINT").is_some() && is_otlp && !is_disabled
}

fn provider() -> Result<SdkTracerProvider, Failure> {
    let advice = "the variables OTEL_EXPORTER_OTLP_* say where traces go";
    let timeout = variable("TIMEOUT").and_then(|value| value.parse().ok()).map_or(TIMEOUT, Duration::from_millis);
    let client = ServiceClient::new(timeout).map_err(Failure::because)?;
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client { client, runtime: Handle::current() })
        .build()
        .map_err(|error| Failure::because(error).with(advice))?;
    let sender = Sender { exporter, is_failing: AtomicBool::new(false) };
    Ok(SdkTracerProvider::builder().with_resource(resource()).with_batch_exporter(sender).build())
}

/// Who sends: the operator's own words win over ours.
fn resource() -> Resource {
    let ours = Resource::builder_empty()
        .with_service_name("cmes")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_detector(Box::new(TelemetryResourceDetector))
        .with_detector(Box::new(EnvResourceDetector::new()));
    match set("OTEL_SERVICE_NAME") {
        Some(name) => ours.with_service_name(name).build(),
        None => ours.build(),
    }
}

/// The connection to the collector.
#[derive(Debug)]
struct Client {
    client: ServiceClient,
    /// The exporter's thread has no runtime of its own.
    runtime: Handle,
}

impl HttpClient for Client {
    // What `#[async_trait]` makes of `async fn`, without the macro.
    fn send_bytes<'a, 's>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 's>>
    where
        'a: 's,
        Self: 's,
    {
        let client = self.client.clone();
        let (head, body) = request.into_parts();
        let sent = self.runtime.spawn(async move { client.post(&head.uri.to_string(), head.headers, body).await });
        Box::pin(async move {
            let (status, headers, body) = sent.await??;
            let mut response = Response::new(body);
            *response.status_mut() = status;
            *response.headers_mut() = headers;
            Ok(response)
        })
    }
}

/// Sends batches of spans. A collector that is down is named once, not at every
/// batch; the spans are lost.
struct Sender {
    exporter: SpanExporter,
    is_failing: AtomicBool,
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The exporter holds headers, which may hold a key.
        f.write_str("Sender")
    }
}

impl opentelemetry_sdk::trace::SpanExporter for Sender {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let sent = self.exporter.export(batch).await;
        let failed_before = self.is_failing.swap(sent.is_err(), Ordering::Relaxed);
        match &sent {
            Err(error) if !failed_before => {
                tracing::warn!(%error, "traces cannot be sent and are lost until the collector answers");
            }
            Ok(()) if failed_before => tracing::info!("traces are sent again"),
            _ => {}
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
