//! Traces, as a collector receives them from the built program.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use cmes_testkit::Receiver;
use cmes_testkit::models::{ModelServer, Reply};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Attribute;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as SpanStatus;
use prost::Message;
use serde_json::{Value, json};

use crate::support::{Place, Serving};

type Exports = Arc<Mutex<Vec<(Uri, HeaderMap, Bytes)>>>;

/// Keeps what is sent to it.
struct Collector {
    address: SocketAddr,
    exports: Exports,
}

impl Collector {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let exports = Exports::default();
        let router = Router::new().fallback(keep).with_state(Arc::clone(&exports));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, exports }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn exports(&self) -> Vec<(Uri, HeaderMap, Bytes)> {
        self.exports.lock().expect("nobody panicked").clone()
    }

    fn spans(&self) -> Vec<Span> {
        let exports = self.exports();
        exports.iter().flat_map(|(_, _, body)| spans(body)).collect()
    }
}

async fn keep(State(exports): State<Exports>, uri: Uri, headers: HeaderMap, body: Bytes) -> StatusCode {
    exports.lock().expect("nobody panicked").push((uri, headers, body));
    StatusCode::OK
}

/// A span in words that can be compared.
#[derive(Clone, Debug)]
struct Span {
    name: String,
    kind: SpanKind,
    trace: String,
    id: String,
    parent: String,
    is_error: bool,
    resource: BTreeMap<String, String>,
    attributes: BTreeMap<String, String>,
    events: usize,
}

fn spans(body: &[u8]) -> Vec<Span> {
    let request = ExportTraceServiceRequest::decode(body).expect("an export by the protocol");
    let mut found = Vec::new();
    for of_resource in request.resource_spans {
        let resource = words(&of_resource.resource.expect("a resource").attributes);
        for span in of_resource.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            found.push(Span {
                kind: span.kind(),
                trace: hex(&span.trace_id),
                id: hex(&span.span_id),
                parent: hex(&span.parent_span_id),
                is_error: span.status.is_some_and(|status| status.code() == SpanStatus::Error),
                resource: resource.clone(),
                attributes: words(&span.attributes),
                events: span.events.len(),
                name: span.name,
            });
        }
    }
    found
}

fn words(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    let word = |value: &Option<AnyValue>| match value.as_ref().and_then(|value| value.value.as_ref()) {
        Some(Attribute::StringValue(text)) => text.clone(),
        Some(Attribute::IntValue(number)) => number.to_string(),
        other => panic!("neither a text nor a number: {other:?}"),
    };
    attributes.iter().map(|attribute| (attribute.key.clone(), word(&attribute.value))).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A place with an account, and its key.
async fn place() -> (Place, String) {
    let make = || {
        let place = Place::with_sites();
        place.ok(&["account", "create", "ann@example.com", "--credit", "100"]);
        let key = place.ok(&["key", "create", "--account", "ann@example.com"]).trim().to_owned();
        (place, key)
    };
    tokio::task::spawn_blocking(make).await.expect("a place")
}

fn serve(place: &Place, variables: &[(&str, &str)]) -> Serving {
    let mut command = place.command(&["serve"]);
    command.envs(variables.iter().copied());
    Serving::start_command(command)
}

async fn stop(serving: Serving) -> String {
    let (code, log) = tokio::task::spawn_blocking(|| serving.stop()).await.expect("it stops");
    assert_eq!(code, Some(0), "{log}");
    log
}

fn client() -> reqwest::Client {
    // The client wants one even for plain connections; another test may have chosen it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().expect("a client")
}

async fn post(serving: &Serving, key: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> (u16, Value) {
    let mut request = client().post(format!("{}{path}", serving.url)).bearer_auth(key).body(body.to_string());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    (status, serde_json::from_str(&response.text().await.expect("a body")).expect("JSON"))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}

const STATUS: &str = "http.response.status_code";
const CONTENT: &str = "Unser Geheimnis: bitte an info@nordwind-pumpen.example schreiben";

#[test]
fn requests_tasks_pages_and_webhooks_are_traced_without_what_is_private() {
    runtime().block_on(async {
        let (collector, (place, key)) = tokio::join!(Collector::start(), place());
        let receiver = Receiver::start(|_| axum::response::IntoResponse::into_response(StatusCode::NO_CONTENT)).await;
        let receiver = receiver.expect("a receiver");
        // The place's log.level is warn: what is exported does not depend on it.
        let serving = serve(
            &place,
            &[
                ("OTEL_EXPORTER_OTLP_ENDPOINT", &collector.url()),
                ("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=a%20word"),
                ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test,service.version=blue"),
            ],
        );
        let trace = "0af7651916cd43dd8448eb211c80319c";
        let caller = [("traceparent", &*format!("00-{trace}-b7ad6b7169203331-01"))];
        assert_eq!(post(&serving, &key, "/v1/echo", &json!({"Content": CONTENT}), &caller).await.0, 200);
        let (status, answer) = post(&serving, &key, "/v1/enrichment", &json!({"Content": CONTENT}), &[]).await;
        assert_eq!(status, 200, "{answer}");
        let later = json!({"Content": CONTENT, "Asynch": true, "OutWebHook": receiver.url()});
        let (status, task) = post(&serving, &key, "/v1/enrichment", &later, &[]).await;
        assert_eq!(status, 202, "{task}");
        receiver.has_received(1).await;
        assert_eq!(stop(serving).await, "", "nothing to warn of");

        for (uri, headers, body) in collector.exports() {
            assert_eq!((uri.path(), headers["content-type"] == "application/x-protobuf"), ("/v1/traces", true));
            assert_eq!(headers["x-collector-key"], "a word");
            for private in [&*key, "Geheimnis", "info@", "ann@", "/impressum", "/hook", "Bearer"] {
                let is_there = body.windows(private.len()).any(|part| part == private.as_bytes());
                assert!(!is_there, "{private} has left the program");
            }
        }
        let spans = collector.spans();
        for span in &spans {
            assert_eq!(span.resource["service.name"], "cmes");
            assert_eq!(span.resource["deployment.environment.name"], "test");
            assert_eq!(span.resource["service.version"], "blue", "the operator's word wins");
            // The site has no https, which is tried first.
            let is_tls = span.attributes.get("error.type").is_some_and(|kind| kind == "Tls");
            assert_eq!((span.is_error, span.events), (is_tls, 0), "{span:?}");
        }
        let named = |name: &str| -> Vec<&Span> { spans.iter().filter(|span| span.name == name).collect() };
        let with = |span: &Span, name: &str, value: &str| {
            assert_eq!(span.attributes.get(name).map(String::as_str), Some(value), "{name} of {span:?}");
        };

        let [echo] = named("POST /v1/echo")[..] else { panic!("{spans:#?}") };
        assert_eq!((echo.kind, &*echo.trace, &*echo.parent), (SpanKind::Server, trace, "b7ad6b7169203331"));
        with(echo, "http.request.method", "POST");
        with(echo, "http.route", "/v1/echo");
        with(echo, STATUS, "200");

        let [call, submitted] = named("POST /v1/enrichment")[..] else { panic!("{spans:#?}") };
        with(submitted, STATUS, "202");
        let tasks = named("task");
        let (in_call, in_worker): (Vec<&Span>, Vec<&Span>) = tasks.iter().partition(|task| task.parent == call.id);
        let ([in_call], [in_worker]) = (&in_call[..], &in_worker[..]) else { panic!("{spans:#?}") };
        assert_eq!((&in_call.trace, &*in_worker.parent), (&call.trace, ""));
        with(in_worker, "cmes.task.id", task["ID"].as_str().expect("an ID"));
        with(in_worker, "cmes.task.method", "/v1/enrichment");
        with(in_worker, "cmes.task.outcome", "success");

        let pages = named("page");
        for task in [in_call, in_worker] {
            let read: Vec<&&Span> = pages.iter().filter(|page| page.parent == task.id).collect();
            assert!(read.iter().filter(|page| !page.is_error).count() > 1, "{spans:#?}");
            for page in read {
                assert_eq!((page.kind, &page.trace), (SpanKind::Client, &task.trace));
                with(page, "server.address", "nordwind-pumpen.example");
                let (name, value) = if page.is_error { ("error.type", "Tls") } else { (STATUS, "200") };
                with(page, name, value);
            }
        }

        let [webhook] = named("webhook")[..] else { panic!("{spans:#?}") };
        with(webhook, "cmes.webhook.outcome", "delivered");
        with(webhook, STATUS, "204");
    });
}

/// Adds a server of both kinds of models to a place's configuration.
fn add_models(place: &Place, base_url: &str) {
    let known = std::fs::read_to_string(place.path("cmes.toml")).expect("a configuration");
    let section = |name: &str| format!("[{name}]\nprovider = \"openai\"\nbase_url = \"{base_url}\"\nmodel = \"m\"\n");
    place.write("cmes.toml", &format!("{known}{}{}", section("llm"), section("embeddings")));
}

#[test]
fn calls_of_models_are_traced_and_counted_without_their_texts() {
    runtime().block_on(async {
        let (collector, (place, key)) = tokio::join!(Collector::start(), place());
        let models = ModelServer::start(|asked| match asked.path.as_str() {
            "/v1/embeddings" => Reply::vectors(asked),
            _ => Reply::say("Geheimnis: no JSON"),
        });
        let models = models.await.expect("a listener");
        add_models(&place, &models.url());
        // What the directory embeds afterwards belongs to no task.
        let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", &*collector.url()), ("CMES_SEARCH__DIRECTORY__GROW", "false")];
        let serving = serve(&place, &variables);
        let wish = json!({"Content": CONTENT, "ProductsAndServices": "Geheimnis: seals for pumps"});
        assert_eq!(post(&serving, &key, "/v1/enrichment", &wish, &[]).await.0, 200);
        let metrics = client().get(format!("{}/metrics", serving.url)).send().await.expect("an answer");
        let metrics = metrics.text().await.expect("figures");
        stop(serving).await;

        let count = |name: &str, labels: &str| {
            let start = format!("cmes_model_{name}{{provider=\"openai\",model=\"m\",{labels}}} ");
            let line = metrics.lines().find_map(|line| line.strip_prefix(&start));
            line.unwrap_or_else(|| panic!("{start}\n{metrics}")).parse::<u64>().expect("a count")
        };
        assert_eq!(count("calls_total", "kind=\"chat\",outcome=\"schema-violated\""), 1);
        let embedded = count("calls_total", "kind=\"embeddings\",outcome=\"success\"");
        assert!(embedded > 0 && count("tokens_total", "kind=\"embeddings\",direction=\"read\"") > 0);
        assert_eq!(count("call_duration_seconds_count", "kind=\"chat\""), 1);

        for (_, _, body) in collector.exports() {
            assert!(!body.windows(9).any(|part| part == b"Geheimnis"), "a text has left the program");
        }
        let spans = collector.spans();
        let task = spans.iter().find(|span| span.name == "task").expect("a task");
        let calls: Vec<&Span> = spans.iter().filter(|span| span.name == "model").collect();
        // A worker measures at its start what cosines mean: those calls belong to no task, and may end after the figures
        // were read.
        let (of_task, others): (Vec<&Span>, Vec<&Span>) = calls.iter().partition(|call| call.parent == task.id);
        assert!(calls.len() as u64 > embedded);
        assert_eq!(of_task.iter().filter(|call| operation(call) == Some("chat")).count(), 1);
        assert!(of_task.len() > 1 && others.iter().all(|call| call.parent.is_empty()), "{others:?}");
        assert!(others.iter().all(|call| operation(call) == Some("embeddings")), "{others:?}");
        for call in calls {
            assert_eq!(call.kind, SpanKind::Client);
            let of = |name: &str| call.attributes.get(name).map(String::as_str);
            assert_eq!((of("gen_ai.provider.name"), of("gen_ai.request.model")), (Some("openai"), Some("m")));
            match operation(call) {
                Some("chat") => {
                    assert_eq!((of("error.type"), call.is_error), (Some("schema-violated"), true));
                }
                kind => {
                    assert_eq!((kind, call.is_error), (Some("embeddings"), false));
                    assert!(of("gen_ai.usage.input_tokens").is_some_and(|tokens| tokens != "0"), "{call:?}");
                }
            }
        }
    });
}

/// What a call of a model was for.
fn operation(call: &Span) -> Option<&str> {
    call.attributes.get("gen_ai.operation.name").map(String::as_str)
}

#[test]
fn models_outside_are_asked_through_the_proxy() {
    runtime().block_on(async {
        let proxy =
            ModelServer::start(|_| Reply::json(200, &json!({"data": [{"id": "m"}]}))).await.expect("a listener");
        let address = proxy.url().replace("/v1", "");
        let check = |base_url: &str, exceptions: &str, expected: usize| {
            let place = Place::empty();
            place.write("cmes.toml", &format!("[fetch]\nproxy = \"{address}\"\n"));
            add_models(&place, base_url);
            let before = proxy.asked().len();
            let mut command = place.command(&["doctor"]);
            let report = command.env_remove("no_proxy").env("NO_PROXY", exceptions).output().expect("the program runs");
            assert_eq!(proxy.asked().len() - before, expected, "{base_url}: {report:?}");
        };
        // Nothing listens at the others: what is direct, is not answered.
        tokio::task::block_in_place(|| {
            check("http://models.example/v1", "", 2);
            check("http://models.example/v1", "models.example", 0);
            check("http://127.0.0.1:9/v1", "", 0);
        });
    });
}

#[test]
fn the_standard_variables_decide() {
    runtime().block_on(async {
        let (collector, (place, key)) = tokio::join!(Collector::start(), place());
        let url = collector.url();
        let to_collector = ("OTEL_EXPORTER_OTLP_ENDPOINT", &*url);
        for variable in
            [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none"), ("OTEL_TRACES_SAMPLER", "always_off")]
        {
            let serving = serve(&place, &[to_collector, variable]);
            assert_eq!(post(&serving, &key, "/v1/echo", &json!({}), &[]).await.0, 200);
            stop(serving).await;
            assert!(collector.exports().is_empty(), "{variable:?}");
        }
        let traces = format!("{url}/own/path");
        let named = [("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &*traces), ("OTEL_SERVICE_NAME", "cmes-eu")];
        let serving = serve(&place, &[named[0], named[1], ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]);
        // What a client says is not taken as it comes: neither its parent nor its method is one.
        let request = client().request("ANNA".parse().expect("a word"), format!("{}/v1/echo", serving.url));
        let answer = request.header("traceparent", "ann@example.com").send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 405);
        let log = stop(serving).await;
        assert!(log.contains("traces are sent as http/protobuf"), "{log}");
        let [(uri, _, _)] = &collector.exports()[..] else { panic!("one export") };
        assert_eq!(uri.path(), "/own/path");
        let [span] = &collector.spans()[..] else { panic!("one span") };
        assert_eq!((&*span.name, &*span.parent, span.is_error), ("_OTHER /v1/echo", "", false));
        assert_eq!(span.resource["service.name"], "cmes-eu");

        place.write("cmes.toml", "");
        let mut command = place.command(&["serve"]);
        command.env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://[broken");
        let output = command.output().expect("the program runs");
        let message = crate::support::stderr(&output);
        assert!(!output.status.success() && message.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "{message}");
    });
}

#[test]
fn a_collector_that_is_down_does_not_disturb() {
    runtime().block_on(async {
        let (place, key) = place().await;
        // Nobody listens there any more.
        let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
        let endpoint = format!("http://{gone}");
        let every_span = [("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1"), ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint)];
        let mut serving = serve(&place, &every_span);
        for _ in 0..3 {
            assert_eq!(post(&serving, &key, "/v1/echo", &json!({}), &[]).await.0, 200);
        }
        let (line, serving) = tokio::task::spawn_blocking(|| (serving.log_line(), serving)).await.expect("a line");
        assert!(line.contains("traces cannot be sent"), "{line}");
        assert_eq!(post(&serving, &key, "/v1/echo", &json!({}), &[]).await.0, 200);
        assert_eq!(stop(serving).await, "", "one line is enough");
    });
}

#[test]
fn a_collector_that_never_answers_does_not_hold_the_stop() {
    runtime().block_on(async {
        let (place, key) = place().await;
        // Connections are taken by the system and never answered.
        let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let endpoint = format!("http://{}", silent.local_addr().expect("bound"));
        let patient = [("OTEL_EXPORTER_OTLP_TIMEOUT", "600000"), ("OTEL_EXPORTER_OTLP_ENDPOINT", &*endpoint)];
        let serving = serve(&place, &patient);
        assert_eq!(post(&serving, &key, "/v1/echo", &json!({}), &[]).await.0, 200);
        let asked = Instant::now();
        stop(serving).await;
        assert!(asked.elapsed() < Duration::from_secs(30), "{:?}", asked.elapsed());
    });
}
