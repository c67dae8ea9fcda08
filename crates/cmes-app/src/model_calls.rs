//! Calls of models, counted and traced: who was asked for what, how it ended,
//! what it took. No text of a question or an answer is in either.

use std::sync::Arc;

use cmes_models::{
    ChatAnswer, ChatEvent, ChatFuture, ChatModel, ChatRequest, ChatStream, EmbedFuture, Embedder, Embeddings, Kind,
    Model, ModelError, Models, Readiness,
};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use tokio::time::Instant;
use tracing::{Instrument, Span};

use crate::metrics::{CallLabels, Metrics};

/// These models, with each call counted in these figures.
#[must_use]
pub fn counted(models: &Models, metrics: &Metrics) -> Models {
    models.wrapped(
        |inner| Arc::new(Counted { inner, metrics: metrics.clone() }),
        |inner| Arc::new(Counted { inner, metrics: metrics.clone() }),
    )
}

struct Counted<M: ?Sized> {
    inner: Arc<M>,
    metrics: Metrics,
}

impl<M: Model + ?Sized> Counted<M> {
    fn call(&self, kind: &'static str) -> Call {
        let labels = CallLabels { provider: self.inner.provider(), model: self.inner.name().to_owned(), kind };
        let span = tracing::debug_span!("model");
        Call { labels, span, metrics: self.metrics.clone(), start: Instant::now(), has_ended: false }
    }
}

impl<M: Model + ?Sized> std::fmt::Debug for Counted<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.inner.fmt(f)
    }
}

impl<M: Model + ?Sized> Model for Counted<M> {
    fn provider(&self) -> &'static str {
        self.inner.provider()
    }

    fn name(&self) -> &str {
        self.inner.name()
    }

    fn readiness(&self) -> Readiness {
        self.inner.readiness()
    }

    fn check(&self, deadline: Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        self.inner.check(deadline)
    }
}

impl ChatModel for Counted<dyn ChatModel> {
    fn stream(&self, request: ChatRequest, deadline: Instant) -> ChatStream<'_> {
        let mut call = self.call("chat");
        let stream = self.inner.stream(request, deadline);
        let count = move |event: Result<ChatEvent, ModelError>| {
            match &event {
                Ok(ChatEvent::Delta(_)) => {}
                Ok(ChatEvent::Done(answer)) => call.end(Ok(taken(answer))),
                Err(error) => call.end(Err(error)),
            }
            event
        };
        stream.map(count).boxed()
    }

    fn chat(&self, request: ChatRequest, deadline: Instant) -> ChatFuture<'_> {
        let mut call = self.call("chat");
        Box::pin(async move {
            let answer = self.inner.chat(request, deadline).instrument(call.span.clone()).await;
            call.end(answer.as_ref().map(taken));
            answer
        })
    }
}

impl Embedder for Counted<dyn Embedder> {
    fn identity(&self) -> &str {
        self.inner.identity()
    }

    fn dimension(&self) -> Option<usize> {
        self.inner.dimension()
    }

    fn embed(&self, kind: Kind, texts: Vec<String>, deadline: Instant) -> EmbedFuture<'_> {
        let mut call = self.call("embeddings");
        Box::pin(async move {
            let embeddings = self.inner.embed(kind, texts, deadline).instrument(call.span.clone()).await;
            call.end(embeddings.as_ref().map(|Embeddings { tokens, .. }| Tokens { read: *tokens, written: 0 }));
            embeddings
        })
    }
}

/// Tokens that a call took.
#[derive(Clone, Copy, Default)]
struct Tokens {
    read: u32,
    written: u32,
}

fn taken(answer: &ChatAnswer) -> Tokens {
    Tokens { read: answer.tokens.prompt, written: answer.tokens.completion }
}

/// A call under way. Dropped before its end, it was given up by who asked.
struct Call {
    labels: CallLabels,
    /// What this module logs in it goes into traces (`cmes/src/telemetry/spans.rs`).
    span: Span,
    metrics: Metrics,
    start: Instant,
    has_ended: bool,
}

impl Call {
    fn end(&mut self, outcome: Result<Tokens, &ModelError>) {
        let failure = outcome.as_ref().err().map(|error| error.kind().name());
        self.close(failure, outcome.unwrap_or_default());
    }

    fn close(&mut self, failure: Option<&'static str>, Tokens { read, written }: Tokens) {
        if std::mem::replace(&mut self.has_ended, true) {
            return;
        }
        let elapsed = self.start.elapsed();
        let CallLabels { provider, model, kind } = &self.labels;
        let ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        match failure {
            None => tracing::debug!(parent: &self.span, provider, model, kind, read, written, ms, "a model answered"),
            Some(failure) => {
                tracing::debug!(parent: &self.span, provider, model, kind, failure, ms, "a model gave no answer");
            }
        }
        self.metrics.model_called(&self.labels, failure.unwrap_or("success"), [read, written], elapsed);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        self.close(Some("given-up"), Tokens::default());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cmes_models::Message;
    use cmes_models::openai::{Limits, OpenAiChat, OpenAiEmbedder, OpenAiSettings, Prefixes};
    use cmes_testkit::models::{ModelServer, Reply};
    use cmes_types::SystemClock;
    use prometheus_client::registry::Registry;
    use url::Url;

    use super::*;

    /// Models behind a server that answers, refuses and hangs, by what it is asked.
    async fn models() -> (ModelServer, Models) {
        let server = ModelServer::start(|asked| match () {
            () if asked.json["input"].is_array() => Reply::vectors(asked),
            () if asked.json.to_string().contains("refuse") => Reply::refuse(401, "no"),
            () if asked.json.to_string().contains("hang") => Reply::Hang,
            () => Reply::say("Secret answer."),
        });
        let server = server.await.expect("a listener");
        let settings = OpenAiSettings {
            base_url: Url::parse(&server.url()).expect("a URL"),
            api_key: None,
            model: "m".into(),
            limits: Limits { first_pause: Duration::from_millis(1), ..Limits::default() },
            proxy: None,
        };
        let clock = || Arc::new(SystemClock);
        let chat = OpenAiChat::new(settings.clone(), clock()).expect("a client");
        let embedder = OpenAiEmbedder::new(settings, Prefixes::default(), clock()).expect("a client");
        (server, Models::new(Ok(Arc::new(chat)), Ok(Arc::new(embedder))))
    }

    fn figures(metrics: &Metrics) -> Vec<String> {
        let mut registry = Registry::with_prefix("cmes");
        metrics.register(&mut registry);
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &registry).expect("a String takes all");
        let of_models = text.lines().filter(|line| line.starts_with("cmes_model_"));
        let mut lines: Vec<String> = of_models.filter(|line| !line.contains("_bucket")).map(str::to_owned).collect();
        lines.sort();
        lines
    }

    #[tokio::test]
    async fn calls_are_counted_by_how_they_ended() {
        let (_server, models) = models().await;
        let metrics = Metrics::default();
        let models = counted(&models, &metrics);
        let (chat, embedder) = (models.chat().expect("one"), models.embedder().expect("one"));
        let later = || Instant::now() + Duration::from_secs(20);
        let request = |text: &str| ChatRequest::new(vec![Message::user(text)], 10);

        let answer = chat.chat(request("Secret question"), later()).await.expect("an answer");
        let streamed: Vec<_> = chat.stream(request("Secret question"), later()).collect().await;
        let Some(Ok(ChatEvent::Done(done))) = streamed.last() else { panic!("{streamed:?}") };
        assert!(chat.chat(request("refuse"), later()).await.is_err());
        assert!(chat.stream(request("refuse"), later()).collect::<Vec<_>>().await[0].is_err());
        assert!(tokio::time::timeout(Duration::from_millis(1), chat.chat(request("hang"), later())).await.is_err());
        let embedded = embedder.embed(Kind::Query, vec!["a".into()], later()).await.expect("a vector");

        let figures = figures(&metrics);
        let has = |line: &str| assert!(figures.iter().any(|known| known == line), "{line}\n{figures:#?}");
        let calls = |kind: &str, outcome: &str, count: u32| {
            has(&format!(
                "cmes_model_calls_total{{provider=\"openai\",model=\"m\",kind=\"{kind}\",outcome=\"{outcome}\"}} {count}"
            ));
        };
        calls("chat", "success", 2);
        calls("chat", "refused", 2);
        calls("chat", "given-up", 1);
        calls("embeddings", "success", 1);
        let tokens = |kind: &str, direction: &str, count: u32| {
            has(&format!(
                "cmes_model_tokens_total{{provider=\"openai\",model=\"m\",kind=\"{kind}\",direction=\"{direction}\"}} {count}"
            ));
        };
        tokens("chat", "read", answer.tokens.prompt + done.tokens.prompt);
        tokens("chat", "written", answer.tokens.completion + done.tokens.completion);
        tokens("embeddings", "read", embedded.tokens);
        has("cmes_model_call_duration_seconds_count{provider=\"openai\",model=\"m\",kind=\"chat\"} 5");
        assert!(!figures.join("\n").contains("Secret"), "{figures:#?}");
    }
}
