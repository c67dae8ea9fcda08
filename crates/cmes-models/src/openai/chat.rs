//! Chat: a question in the server's dialect, asked with patience, its answer checked.

use std::sync::Arc;

use cmes_types::Clock;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::Instant;

use super::dialect::{Dialect, Shape, Words};
use super::endpoint::{Endpoint, LONGEST_ANSWER};
use super::events::{Assembly, Reading, Step, estimate};
use super::wire::{ChatBody, NamedSchema, ResponseFormat, StreamOptions, WireMessage};
use super::{OpenAiSettings, SetupError};
use crate::chat::{ChatAnswer, ChatEvent, ChatFuture, ChatModel, ChatRequest, ChatStream, Finish, Message, Role};
use crate::error::{ModelError, ModelErrorKind};
use crate::guard::{Guard, Patience};
use crate::schema::JsonSchema;
use crate::{Model, Readiness};

/// A wrong answer is shown to the model again up to so many bytes.
const SHOWN_AGAIN: usize = 4_000;

/// A language model behind a server that speaks the protocol of OpenAI.
pub struct OpenAiChat {
    model: String,
    endpoint: Endpoint,
    guard: Guard,
    dialect: Dialect,
}

impl std::fmt::Debug for OpenAiChat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenAiChat").field("model", &self.model).finish_non_exhaustive()
    }
}

impl OpenAiChat {
    /// The model at this address.
    ///
    /// # Errors
    /// When the address or the key cannot be used.
    pub fn new(settings: OpenAiSettings, clock: Arc<dyn Clock>) -> Result<OpenAiChat, SetupError> {
        Ok(OpenAiChat {
            endpoint: Endpoint::new(&settings)?,
            guard: Guard::new(&settings.model, settings.limits, clock),
            dialect: Dialect::default(),
            model: settings.model,
        })
    }

    async fn whole_answer(&self, request: ChatRequest, deadline: Instant) -> Result<ChatAnswer, ModelError> {
        let _turn = self.guard.turn(deadline).await?;
        let mut question = Question::new(&request, &self.dialect);
        let mut patience = self.guard.patience(deadline);
        loop {
            let fault = match self.attempt(&question, deadline).await {
                Ok(answer) => {
                    self.dialect.remember(question.words, question.learned());
                    return Ok(answer);
                }
                Err(fault) => fault,
            };
            question.adapt_or_wait(fault, &mut patience).await?;
        }
    }

    async fn attempt(&self, question: &Question<'_>, deadline: Instant) -> Result<ChatAnswer, Fault> {
        let expected = question.expected_tokens();
        let limit = self.guard.admit(expected, deadline)?;
        let mut refused_with = String::new();
        let body = question.body(&self.model, false);
        let reading = async {
            let answer = self.endpoint.ask("chat/completions", body).await.map_err(|refusal| {
                refused_with = refusal.words;
                refusal.error
            })?;
            let body = answer.body(LONGEST_ANSWER).await.map_err(|error| self.endpoint.broken(error))?;
            let mut assembly = Assembly::default();
            assembly.take(&body, &self.endpoint)?;
            assembly.answer(question.prompt_bytes(), &self.endpoint)
        };
        let outcome = self.guard.within(limit, reading).await;
        self.guard.correct(expected, outcome.as_ref().map_or(0, taken));
        let answer = outcome.map_err(|error| Fault::of(error, refused_with))?;
        self.check(question, answer)
    }

    /// Opens a stream, in whatever words the server understands.
    async fn open(&self, request: ChatRequest, deadline: Instant) -> Result<Streaming<'_>, ModelError> {
        let turn = self.guard.turn(deadline).await?;
        let mut question = Question::new(&request, &self.dialect);
        let mut patience = self.guard.patience(deadline);
        loop {
            let expected = question.expected_tokens();
            let limit = self.guard.admit(expected, deadline)?;
            let mut refused_with = String::new();
            let asking = async {
                self.endpoint.ask("chat/completions", question.body(&self.model, true)).await.map_err(|refusal| {
                    refused_with = refusal.words;
                    refusal.error
                })
            };
            match self.guard.within(limit, asking).await {
                Ok(answer) => {
                    self.dialect.remember(question.words, question.learned());
                    return Ok(Streaming {
                        chat: self,
                        reading: Reading::new(answer),
                        limit,
                        schema: request.schema.clone(),
                        prompt_bytes: question.prompt_bytes(),
                        expected,
                        is_over: false,
                        _turn: turn,
                    });
                }
                Err(error) => {
                    self.guard.correct(expected, 0);
                    let fault = Fault::of(error, refused_with);
                    question.adapt_or_wait(fault, &mut patience).await?;
                }
            }
        }
    }

    fn check(&self, question: &Question<'_>, answer: ChatAnswer) -> Result<ChatAnswer, Fault> {
        let Some(schema) = &question.request.schema else { return Ok(answer) };
        match schema.find(&answer.text) {
            Ok(json) => Ok(ChatAnswer { text: json.to_owned(), finish: Finish::Stop, tokens: answer.tokens }),
            Err(wrong) => {
                let correction = correction(&answer.text, &wrong.to_string());
                let error = self.endpoint.error(ModelErrorKind::SchemaViolated).because(wrong);
                // A cut answer would be cut again.
                Err(if answer.finish == Finish::Length {
                    Fault::Final(error)
                } else {
                    Fault::OffShape(error, correction)
                })
            }
        }
    }
}

fn taken(answer: &ChatAnswer) -> u64 {
    u64::from(answer.tokens.prompt) + u64::from(answer.tokens.completion)
}

impl Model for OpenAiChat {
    fn provider(&self) -> &'static str {
        "openai"
    }

    fn name(&self) -> &str {
        &self.model
    }

    fn readiness(&self) -> Readiness {
        super::readiness(&self.guard)
    }

    fn check(&self, deadline: Instant) -> BoxFuture<'_, Result<String, ModelError>> {
        Box::pin(super::check(&self.endpoint, &self.model, deadline))
    }
}

impl ChatModel for OpenAiChat {
    fn stream(&self, request: ChatRequest, deadline: Instant) -> ChatStream<'_> {
        let opened = stream::once(self.open(request, deadline));
        opened.map_ok(|streaming| stream::try_unfold(streaming, Streaming::next)).try_flatten().boxed()
    }

    fn chat(&self, request: ChatRequest, deadline: Instant) -> ChatFuture<'_> {
        Box::pin(self.whole_answer(request, deadline))
    }
}

/// A stream in the middle of its answer.
struct Streaming<'a> {
    chat: &'a OpenAiChat,
    reading: Reading,
    /// When the answer has to be over.
    limit: Instant,
    schema: Option<Arc<JsonSchema>>,
    prompt_bytes: usize,
    expected: u64,
    is_over: bool,
    _turn: OwnedSemaphorePermit,
}

impl<'a> Streaming<'a> {
    async fn next(mut self) -> Result<Option<(ChatEvent, Streaming<'a>)>, ModelError> {
        if self.is_over {
            return Ok(None);
        }
        let step = self.reading.step(&self.chat.endpoint);
        match self.chat.guard.within(self.limit, step).await? {
            Step::Delta(text) => Ok(Some((ChatEvent::Delta(text), self))),
            Step::End => {
                let answer = self.finished()?;
                self.is_over = true;
                Ok(Some((ChatEvent::Done(answer), self)))
            }
        }
    }

    fn finished(&mut self) -> Result<ChatAnswer, ModelError> {
        let assembly = std::mem::take(&mut self.reading.assembly);
        let answer = assembly.answer(self.prompt_bytes, &self.chat.endpoint)?;
        self.chat.guard.correct(self.expected, taken(&answer));
        let Some(schema) = &self.schema else { return Ok(answer) };
        match schema.find(&answer.text) {
            Ok(json) => Ok(ChatAnswer { text: json.to_owned(), finish: Finish::Stop, tokens: answer.tokens }),
            Err(wrong) => Err(self.chat.endpoint.error(ModelErrorKind::SchemaViolated).because(wrong)),
        }
    }
}

/// Why an attempt gave no answer, and what could be said differently.
enum Fault {
    /// The server does not accept the request; its words.
    Declined(ModelError, String),
    /// The answer does not keep to the schema; the turns that tell the model so.
    OffShape(ModelError, Box<[Message; 2]>),
    /// In other words it would fail in the same way.
    Final(ModelError),
}

impl Fault {
    fn of(error: ModelError, words: String) -> Fault {
        match error.kind() {
            ModelErrorKind::BadRequest => Fault::Declined(error, words),
            _ => Fault::Final(error),
        }
    }
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Fault {
        Fault::Final(error)
    }
}

/// A request as it is put to this server.
struct Question<'a> {
    request: &'a ChatRequest,
    words: Words,
    shape: Shape,
    /// A wrong answer and what was wrong with it: turns after those of the request.
    correction: Option<Box<[Message; 2]>>,
}

impl<'a> Question<'a> {
    fn new(request: &'a ChatRequest, dialect: &Dialect) -> Question<'a> {
        let shape = request.schema.as_ref().map(|schema| dialect.shape(schema.name())).unwrap_or_default();
        Question { request, words: dialect.words(), shape, correction: None }
    }

    fn learned(&self) -> Option<(&str, Shape)> {
        self.request.schema.as_ref().map(|schema| (schema.name(), self.shape))
    }

    /// Puts the question differently, or waits before it is put in the same words.
    async fn adapt_or_wait(&mut self, fault: Fault, patience: &mut Patience) -> Result<(), ModelError> {
        match fault {
            Fault::Declined(_, words) if self.words.avoid(&words) || self.put_plainer() => Ok(()),
            // The server has not kept to the schema although it took it.
            Fault::OffShape(..) if self.shape == Shape::Schema => {
                self.shape = Shape::Object;
                Ok(())
            }
            Fault::OffShape(_, correction) if self.correction.is_none() => {
                self.correction = Some(correction);
                Ok(())
            }
            Fault::Declined(error, _) | Fault::OffShape(error, _) => Err(error),
            Fault::Final(error) => patience.after(error).await,
        }
    }

    fn put_plainer(&mut self) -> bool {
        let plainer = self.shape.plainer().filter(|_| self.request.schema.is_some());
        self.shape = plainer.unwrap_or(self.shape);
        plainer.is_some()
    }

    fn prompt_bytes(&self) -> usize {
        self.request.messages.iter().map(|message| message.text.len()).sum()
    }

    fn expected_tokens(&self) -> u64 {
        u64::from(estimate(self.prompt_bytes())) + u64::from(self.request.max_tokens)
    }

    fn body(&self, model: &str, stream: bool) -> Vec<u8> {
        let request = self.request;
        let schema = request.schema.as_deref();
        // The schema in the prompt goes to the end of the first message, which is the same from call to call.
        let told = schema.filter(|_| self.shape != Shape::Schema).map(instructions);
        let mut messages = request.messages.clone();
        if let Some(told) = told {
            match messages.first_mut().filter(|message| message.role == Role::System) {
                Some(system) => system.text = format!("{}\n\n{told}", system.text),
                None => messages.insert(0, Message::system(told)),
            }
        }
        messages.extend(self.correction.iter().flat_map(|turns| turns.iter().cloned()));
        let length = Some(request.max_tokens);
        let body = ChatBody {
            model,
            messages: messages
                .iter()
                .map(|message| WireMessage { role: message.role.as_str(), content: &message.text })
                .collect(),
            max_tokens: length.filter(|_| !self.words.new_length),
            max_completion_tokens: length.filter(|_| self.words.new_length),
            temperature: Some(request.temperature).filter(|_| !self.words.no_temperature),
            seed: request.seed.filter(|_| !self.words.no_seed),
            stream,
            stream_options: (stream && !self.words.no_stream_options).then_some(StreamOptions { include_usage: true }),
            response_format: schema.and_then(|schema| match self.shape {
                Shape::Schema => Some(ResponseFormat::JsonSchema {
                    json_schema: NamedSchema { name: schema.name(), strict: true, schema: schema.raw() },
                }),
                Shape::Object => Some(ResponseFormat::JsonObject),
                Shape::Prompt => None,
            }),
        };
        // Plain data with text keys: this cannot fail, and an empty body would be refused by the server.
        serde_json::to_vec(&body).unwrap_or_default()
    }
}

fn instructions(schema: &JsonSchema) -> String {
    format!("Answer with JSON alone, without any words around it, that keeps to this JSON Schema:\n{}", schema.text())
}

fn correction(answer: &str, reason: &str) -> Box<[Message; 2]> {
    let mut end = answer.len().min(SHOWN_AGAIN);
    while !answer.is_char_boundary(end) {
        end -= 1;
    }
    let complaint =
        format!("That does not keep to the JSON Schema: {reason}. Answer again with the corrected JSON alone.");
    Box::new([Message::assistant(&answer[..end]), Message::user(complaint)])
}
