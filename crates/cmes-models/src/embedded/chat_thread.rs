//! The thread that owns a chat model, and the steps in which it computes.

use std::num::NonZeroU32;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender, TrySendError};
use std::time::Instant;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::context::params::LlamaContextParams;
use llama_cpp_2::llama_batch::{BatchAddError, LlamaBatch};
use llama_cpp_2::model::LlamaModel;

use super::backend::{EngineError, backend, load, step_back};
use super::chat::ChatSettings;
use super::chat_prompt::Prompts;
use super::chat_slots::{Asked, Slots, Work};
use super::chat_writer::{Progress, Writer};
use crate::chat::{ChatEvent, TokenCounts};
use crate::error::{ModelError, ModelErrorKind};

/// Steps below the server's threads.
const PRIORITY: i32 = 10;
/// Tokens of prompts in a step: enough to use the weights well, few enough that a question that is given up ends soon.
const STEP: usize = 256;
/// Tokens of prompts in a step in which others write: they should not stand still for long.
const STEP_BESIDE_WRITERS: usize = 64;

/// Conversations computed together at most: more would only make each of them slower.
const MOST_TOGETHER: usize = 16;

/// The thread; it ends when this is dropped.
#[derive(Debug)]
pub struct Thread {
    inbox: SyncSender<Asked>,
}

impl Thread {
    /// Starts it; it sleeps until it is asked.
    pub fn start(settings: ChatSettings) -> Self {
        let settings = ChatSettings { together: settings.together.clamp(1, MOST_TOGETHER), ..settings };
        let (inbox, asked) = mpsc::sync_channel(settings.queue.max(1));
        let started = std::thread::Builder::new().name("chat".to_owned()).spawn(move || work(&settings, &asked));
        if let Err(error) = started {
            tracing::error!(%error, "the thread of the chat model cannot be started");
        }
        Self { inbox }
    }

    /// Asks it.
    ///
    /// # Errors
    /// When too many wait already, or the thread is gone.
    pub fn ask(&self, asked: Asked) -> Result<(), ModelErrorKind> {
        self.inbox.try_send(asked).map_err(|error| match error {
            TrySendError::Full(_) => ModelErrorKind::RateLimited { retry_after: None },
            TrySendError::Disconnected(_) => ModelErrorKind::Unavailable,
        })
    }
}

/// What the thread does from its start to its end.
fn work(settings: &ChatSettings, inbox: &Receiver<Asked>) {
    step_back(PRIORITY);
    while let Ok(first) = inbox.recv() {
        let begun = Instant::now();
        match load(&settings.file) {
            Ok(model) => match Engine::new(&model, settings) {
                Ok(engine) => {
                    let milliseconds = begun.elapsed().as_millis();
                    tracing::info!(model = settings.name, milliseconds, "chat model loaded");
                    engine.serve(first, inbox);
                    tracing::info!(model = settings.name, "chat model unloaded");
                }
                Err(error) => first.fail(error.of(&settings.name)),
            },
            Err(error) => first.fail(error.of(&settings.name)),
        }
    }
}

/// The model at work.
struct Engine<'a> {
    settings: &'a ChatSettings,
    model: &'a LlamaModel,
    prompts: Prompts,
    context: LlamaContext<'a>,
    batch: LlamaBatch<'a>,
    slots: Slots,
    /// The next to be taken up, when there is room.
    next: Option<Work>,
}

impl<'a> Engine<'a> {
    fn new(model: &'a LlamaModel, settings: &'a ChatSettings) -> Result<Self, EngineError> {
        let context = context(model, settings)?;
        Ok(Self {
            settings,
            model,
            prompts: Prompts::of(model),
            batch: LlamaBatch::new(batch_size(settings), 1),
            slots: Slots::new(settings.together, context.n_ctx() as usize),
            context,
            next: None,
        })
    }

    /// Answers until nothing was asked for a while.
    fn serve(mut self, first: Asked, inbox: &Receiver<Asked>) {
        self.prepare(first);
        loop {
            self.take_up(inbox);
            if self.slots.are_idle() {
                match inbox.recv_timeout(self.settings.idle) {
                    Ok(asked) => self.prepare(asked),
                    Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
                }
            } else if let Err(error) = self.step() {
                self.fail_all(&error);
            }
        }
    }

    fn failure(&self, kind: ModelErrorKind) -> ModelError {
        ModelError::new(kind, &self.settings.name)
    }

    /// Fills the slots as far as there are questions and room.
    fn take_up(&mut self, inbox: &Receiver<Asked>) {
        loop {
            while self.next.is_none() {
                let Ok(asked) = inbox.try_recv() else { return };
                self.prepare(asked);
            }
            let has_room = |next: &mut Work| self.slots.have_room(next.prompt.len() + next.limit);
            let Some(next) = self.next.take_if(has_room) else { return };
            match self.slots.find(&mut self.context, &next.prompt) {
                Ok(found) => self.slots.begin(&mut self.context, &found, next),
                Err(error) => next.asked.fail(error.of(&self.settings.name)),
            }
        }
    }

    /// Turns a question into tokens; one that cannot be answered is told so.
    fn prepare(&mut self, asked: Asked) {
        if !asked.is_wanted() {
            return asked.fail(self.failure(ModelErrorKind::Timeout));
        }
        let most = self.context.n_ctx() as usize;
        let prompt = match self.prompts.tokens(self.model, &asked.request.messages) {
            Ok(prompt) => prompt,
            Err(error) => return asked.fail(self.failure(ModelErrorKind::BadRequest).because(error)),
        };
        if prompt.len() >= most {
            return asked.fail(self.failure(ModelErrorKind::TooLong));
        }
        let writer = match Writer::new(self.model, &asked.request) {
            Ok(writer) => writer,
            Err(error) => return asked.fail(self.failure(ModelErrorKind::BadRequest).because(error)),
        };
        let limit = (asked.request.max_tokens.max(1) as usize).min(most - prompt.len());
        self.next = Some(Work { asked, prompt, cached: 0, limit, writer, chosen: None, choice_at: None });
    }

    /// Computes once and takes the words that come of it.
    fn step(&mut self) -> Result<(), EngineError> {
        self.drop_unwanted();
        self.fill_batch().map_err(|error| EngineError::Compute(error.to_string()))?;
        if self.batch.n_tokens() > 0 {
            self.context.decode(&mut self.batch).map_err(|error| EngineError::Compute(error.to_string()))?;
        }
        self.choose();
        Ok(())
    }

    fn drop_unwanted(&mut self) {
        for slot in self.slots.busy() {
            if let Some(work) = slot.work.take_if(|work| !work.asked.is_wanted()) {
                work.asked.fail(ModelError::new(ModelErrorKind::Timeout, &self.settings.name));
            }
        }
    }

    /// First the words that were chosen, then as much of the prompts as a step takes.
    fn fill_batch(&mut self) -> Result<(), BatchAddError> {
        self.batch.clear();
        let mut room = STEP;
        for slot in self.slots.busy() {
            let Some(work) = &mut slot.work else { continue };
            let Some(token) = work.chosen.take() else { continue };
            work.choice_at = Some(self.batch.n_tokens());
            self.batch.add(token, position(slot.known.len()), &[slot.id], true)?;
            slot.known.push(token);
            room = STEP_BESIDE_WRITERS;
        }
        for slot in self.slots.busy() {
            let Some(work) = &mut slot.work else { continue };
            let unread = work.prompt.get(slot.known.len()..).unwrap_or_default();
            for token in unread.iter().take(room) {
                let is_last = slot.known.len() + 1 == work.prompt.len();
                if is_last {
                    work.choice_at = Some(self.batch.n_tokens());
                }
                self.batch.add(*token, position(slot.known.len()), &[slot.id], is_last)?;
                slot.known.push(*token);
                room -= 1;
            }
        }
        Ok(())
    }

    fn choose(&mut self) {
        for slot in self.slots.busy() {
            let Some(work) = &mut slot.work else { continue };
            let Some(at) = work.choice_at.take() else { continue };
            let token = work.writer.choose(&self.context, at);
            let progress = work.writer.write(self.model, token, work.limit);
            let (Progress::More(delta) | Progress::Done(delta)) = &progress;
            if !delta.is_empty() {
                // A receiver that is gone is noticed before the next step.
                let _ = work.asked.events.send(Ok(ChatEvent::Delta(delta.clone())));
            }
            match progress {
                Progress::More(_) => work.chosen = Some(token),
                Progress::Done(_) => {
                    if let Some(work) = slot.work.take() {
                        finish(work, &self.settings.name);
                    }
                }
            }
        }
    }

    /// After a failure nothing that is known can be trusted.
    fn fail_all(&mut self, error: &EngineError) {
        tracing::error!(%error, "the chat model failed");
        for slot in self.slots.busy() {
            if let Some(work) = slot.work.take() {
                work.asked.fail(ModelError::new(ModelErrorKind::Unavailable, &self.settings.name));
            }
        }
        self.slots.forget(&mut self.context);
    }
}

fn finish(work: Work, model: &str) {
    let count = |tokens: usize| u32::try_from(tokens).unwrap_or(u32::MAX);
    let tokens = TokenCounts {
        prompt: count(work.prompt.len()),
        cached: count(work.cached),
        completion: count(work.writer.written()),
        estimated: false,
    };
    let Work { asked, writer, .. } = work;
    let answer = writer.answer(asked.request.schema.as_deref(), tokens, model);
    let _ = asked.events.send(answer.map(ChatEvent::Done));
}

fn context<'a>(model: &'a LlamaModel, settings: &ChatSettings) -> Result<LlamaContext<'a>, EngineError> {
    let tokens = settings.context.min(model.n_ctx_train());
    let threads = i32::try_from(settings.threads.max(1)).unwrap_or(1);
    let batch = batch_size(settings) as u32;
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(tokens))
        .with_n_batch(batch)
        .with_n_ubatch(batch)
        .with_n_seq_max(settings.together as u32)
        // One store for all, so that a common beginning is kept once and a long conversation may use all of it.
        .with_kv_unified(true)
        .with_n_threads(threads)
        .with_n_threads_batch(threads);
    model.new_context(backend()?, params).map_err(EngineError::Context)
}

fn batch_size(settings: &ChatSettings) -> usize {
    STEP + settings.together
}

fn position(known: usize) -> i32 {
    i32::try_from(known).unwrap_or(i32::MAX)
}
