//! Which conversations are computed together, and what of their tokens the model still knows.
//!
//! What was read once stays in its slot until another conversation needs the room, so that the next one with the same
//! beginning starts behind it.

use std::time::Instant;

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::token::LlamaToken;
use tokio::sync::mpsc::UnboundedSender;

use super::backend::EngineError;
use super::chat_writer::Writer;
use crate::chat::{ChatEvent, ChatRequest};
use crate::error::ModelError;

/// A request on its way to the thread.
#[derive(Debug)]
pub struct Asked {
    /// What is asked.
    pub request: ChatRequest,
    /// When an answer is of no use any more.
    pub deadline: Instant,
    /// Where the answer goes.
    pub events: UnboundedSender<Result<ChatEvent, ModelError>>,
}

impl Asked {
    /// Says that there is no answer, to whoever still listens.
    pub fn fail(&self, error: ModelError) {
        let _ = self.events.send(Err(error));
    }

    /// Whether somebody still waits for the answer.
    pub fn is_wanted(&self) -> bool {
        !self.events.is_closed() && Instant::now() < self.deadline
    }
}

/// An answer that is being worked on.
pub struct Work {
    /// Who asked what.
    pub asked: Asked,
    /// The whole prompt.
    pub prompt: Vec<LlamaToken>,
    /// How many tokens of it were known already.
    pub cached: usize,
    /// Longest answer in tokens.
    pub limit: usize,
    /// The answer so far.
    pub writer: Writer,
    /// Chosen in the last step, and to be read in the next.
    pub chosen: Option<LlamaToken>,
    /// Where in the step's batch the choice of the next token stands.
    pub choice_at: Option<i32>,
}

impl Work {
    fn reserved(&self) -> usize {
        self.prompt.len() + self.limit
    }
}

/// A place for a conversation.
pub struct Slot {
    /// The sequence in llama.cpp.
    pub id: i32,
    /// What the model knows here.
    pub known: Vec<LlamaToken>,
    /// The conversation, while there is one.
    pub work: Option<Work>,
    last_used: u64,
}

impl Slot {
    fn in_common(&self, prompt: &[LlamaToken]) -> usize {
        self.known.iter().zip(prompt).take_while(|(known, wanted)| known == wanted).count()
    }

    fn reserved(&self) -> usize {
        self.work.as_ref().map_or(self.known.len(), |work| work.reserved().max(self.known.len()))
    }
}

/// A place for a prompt.
pub struct Found {
    place: usize,
    /// How many of its tokens are known there.
    known: usize,
}

/// All places.
pub struct Slots {
    slots: Vec<Slot>,
    capacity: usize,
    clock: u64,
}

impl Slots {
    /// So many places, which share the room for so many tokens.
    pub fn new(count: usize, capacity: usize) -> Self {
        let slot = |id| Slot { id, known: Vec::new(), work: None, last_used: 0 };
        Self { slots: (0..).take(count).map(slot).collect(), capacity, clock: 0 }
    }

    /// Whether nobody is being answered.
    pub fn are_idle(&self) -> bool {
        self.slots.iter().all(|slot| slot.work.is_none())
    }

    /// The places with a conversation.
    pub fn busy(&mut self) -> impl Iterator<Item = &mut Slot> {
        self.slots.iter_mut().filter(|slot| slot.work.is_some())
    }

    /// Whether a conversation of so many tokens can begin now.
    pub fn have_room(&self, tokens: usize) -> bool {
        let busy = self.slots.iter().filter(|slot| slot.work.is_some());
        let reserved: usize = busy.map(Slot::reserved).sum();
        reserved + tokens <= self.capacity && self.slots.iter().any(|slot| slot.work.is_none())
    }

    /// Makes an idle place know as much of a prompt as is known anywhere. [`Slots::have_room`] must have said yes.
    ///
    /// # Errors
    /// When llama.cpp refuses, which it should not.
    pub fn find(&mut self, context: &mut LlamaContext<'_>, prompt: &[LlamaToken]) -> Result<Found, EngineError> {
        let places = self.choose(prompt);
        let (source, target) = places.ok_or_else(|| EngineError::Compute("no slot is free".to_owned()))?;
        // The last token is always computed: the first word of the answer comes out of it.
        let known = self.slots[source].in_common(prompt).min(prompt.len().saturating_sub(1));
        self.share(context, source, target, known)?;
        self.slots[target].known = prompt[..known].to_vec();
        Ok(Found { place: target, known })
    }

    /// Begins a conversation in the place that was found for it.
    pub fn begin(&mut self, context: &mut LlamaContext<'_>, found: &Found, work: Work) {
        self.clock += 1;
        let slot = &mut self.slots[found.place];
        slot.last_used = self.clock;
        slot.work = Some(Work { cached: found.known, ..work });
        self.make_room(context);
    }

    /// Where the most of the prompt is known, and the idle place that was not used for longest.
    fn choose(&self, prompt: &[LlamaToken]) -> Option<(usize, usize)> {
        let places = 0..self.slots.len();
        let source = places.clone().max_by_key(|place| self.slots[*place].in_common(prompt))?;
        let idle = places.filter(|place| self.slots[*place].work.is_none());
        // Its own place when all that is known there is of use: a copy would only cost another.
        let target = idle.min_by_key(|place| {
            let slot = &self.slots[*place];
            (*place != source || slot.in_common(prompt) < slot.known.len(), slot.last_used)
        })?;
        Some((source, target))
    }

    fn share(
        &self,
        context: &mut LlamaContext<'_>,
        source: usize,
        target: usize,
        common: usize,
    ) -> Result<(), EngineError> {
        let (from, to) = (self.slots[source].id, self.slots[target].id);
        let common = u32::try_from(common).unwrap_or(u32::MAX);
        let kept = if source == target { common } else { 0 };
        forget(context, to, kept)?;
        if source != target && common > 0 {
            let failed =
                |error: llama_cpp_2::context::kv_cache::KvCacheConversionError| EngineError::Compute(error.to_string());
            context.copy_kv_cache_seq(from, to, Some(0), Some(common)).map_err(failed)?;
        }
        Ok(())
    }

    /// Forgets what is known in idle places, the oldest first, until the conversations have their room.
    fn make_room(&mut self, context: &mut LlamaContext<'_>) {
        while self.slots.iter().map(Slot::reserved).sum::<usize>() > self.capacity {
            let idle = self.slots.iter_mut().filter(|slot| slot.work.is_none() && !slot.known.is_empty());
            let Some(oldest) = idle.min_by_key(|slot| slot.last_used) else { return };
            oldest.known.clear();
            if let Err(error) = forget(context, oldest.id, 0) {
                tracing::warn!(%error, "the chat model keeps what it should forget");
            }
        }
    }

    /// Forgets everything.
    pub fn forget(&mut self, context: &mut LlamaContext<'_>) {
        context.clear_kv_cache();
        self.slots.iter_mut().for_each(|slot| slot.known.clear());
    }
}

fn forget(context: &mut LlamaContext<'_>, sequence: i32, from: u32) -> Result<(), EngineError> {
    let sequence = u32::try_from(sequence).ok();
    match context.clear_kv_cache_seq(sequence, Some(from), None) {
        Ok(true) => Ok(()),
        Ok(false) => Err(EngineError::Compute("a part of a sequence cannot be removed".to_owned())),
        Err(error) => Err(EngineError::Compute(error.to_string())),
    }
}
