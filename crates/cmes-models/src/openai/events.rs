//! From the bytes of an answer to its text: server-sent events, or one JSON
//! document for those servers that do not stream.

use std::collections::VecDeque;

use cmes_fetch::ServiceAnswer;

use super::endpoint::{Endpoint, LONGEST_ANSWER};
use super::thoughts::Thoughts;
use super::wire::{Chunk, Usage};
use crate::chat::{ChatAnswer, Finish, TokenCounts};
use crate::error::{ModelError, ModelErrorKind};

/// One event is about a few words; a longer line is something else.
const LONGEST_LINE: usize = 1024 * 1024;

/// Puts an answer together.
#[derive(Default)]
pub(super) struct Assembly {
    text: String,
    thoughts: Thoughts,
    finish: Option<String>,
    usage: Option<Usage>,
    has_choice: bool,
}

impl Assembly {
    /// Takes an event, and gives what it adds to the text.
    pub(super) fn take(&mut self, json: &[u8], endpoint: &Endpoint) -> Result<String, ModelError> {
        let chunk: Chunk =
            serde_json::from_slice(json).map_err(|error| endpoint.error(ModelErrorKind::Nonsense).because(error))?;
        if let Some(problem) = &chunk.error {
            return Err(endpoint.reported(problem));
        }
        self.usage = chunk.usage.or(self.usage);
        let Some(choice) = chunk.choices.into_iter().next() else { return Ok(String::new()) };
        self.has_choice = true;
        self.finish = choice.finish_reason.or(self.finish.take());
        let piece = choice.delta.map(|part| part.text()).unwrap_or_default();
        let visible = self.thoughts.pass(&piece);
        self.text.push_str(&visible);
        Ok(visible)
    }

    /// What the end of the text still adds to it.
    fn rest(&mut self) -> String {
        let rest = self.thoughts.end();
        self.text.push_str(&rest);
        rest
    }

    /// Whether the server has said why the answer ended.
    fn is_finished(&self) -> bool {
        self.finish.is_some()
    }

    pub(super) fn answer(mut self, prompt_bytes: usize, endpoint: &Endpoint) -> Result<ChatAnswer, ModelError> {
        self.rest();
        let finish = match self.finish.as_deref() {
            Some("length") => Finish::Length,
            Some("content_filter") => return Err(endpoint.error(ModelErrorKind::HeldBack)),
            _ => Finish::Stop,
        };
        // Thoughts may have used up all the tokens; without that excuse, no text is no answer.
        if !self.has_choice || (self.text.trim().is_empty() && finish == Finish::Stop) {
            return Err(endpoint.error(ModelErrorKind::Nonsense).because("an answer without text"));
        }
        let tokens = counts(self.usage, prompt_bytes, self.text.len());
        Ok(ChatAnswer { text: self.text, finish, tokens })
    }
}

/// About four bytes are a token in the languages of Europe.
pub(super) fn estimate(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(4)).unwrap_or(u32::MAX)
}

fn counts(usage: Option<Usage>, prompt_bytes: usize, answer_bytes: usize) -> TokenCounts {
    match usage.filter(|usage| usage.prompt_tokens > 0) {
        Some(usage) => TokenCounts {
            prompt: usage.prompt_tokens,
            cached: usage.prompt_tokens_details.and_then(|details| details.cached_tokens).unwrap_or(0),
            completion: usage.completion_tokens,
            estimated: false,
        },
        None => TokenCounts {
            prompt: estimate(prompt_bytes),
            cached: 0,
            completion: estimate(answer_bytes),
            estimated: true,
        },
    }
}

/// An answer that is being read.
pub(super) struct Reading {
    answer: ServiceAnswer,
    /// A single document and no events.
    is_document: bool,
    lines: Lines,
    ready: VecDeque<Vec<u8>>,
    read: usize,
    pub(super) assembly: Assembly,
}

/// What reading on gave.
pub(super) enum Step {
    Delta(String),
    End,
}

impl Reading {
    pub(super) fn new(answer: ServiceAnswer) -> Reading {
        let kind = answer.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        Reading {
            is_document: kind.starts_with("application/json"),
            answer,
            lines: Lines::default(),
            ready: VecDeque::new(),
            read: 0,
            assembly: Assembly::default(),
        }
    }

    /// Reads on until there is more text, or the answer is at its end.
    pub(super) async fn step(&mut self, endpoint: &Endpoint) -> Result<Step, ModelError> {
        loop {
            while let Some(json) = self.ready.pop_front() {
                let delta = self.assembly.take(&json, endpoint)?;
                if !delta.is_empty() {
                    return Ok(Step::Delta(delta));
                }
            }
            if self.lines.is_done {
                return self.ended(endpoint);
            }
            match self.answer.chunk().await.map_err(|error| endpoint.broken(error))? {
                Some(bytes) => {
                    self.read += bytes.len();
                    if self.read > LONGEST_ANSWER {
                        return Err(endpoint.error(ModelErrorKind::Nonsense).because("an endless answer"));
                    }
                    self.take(&bytes, endpoint)?;
                }
                None => {
                    self.ready.extend(self.lines.rest(self.is_document));
                    self.lines.is_done = true;
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8], endpoint: &Endpoint) -> Result<(), ModelError> {
        if self.is_document {
            self.lines.held.extend_from_slice(bytes);
            return Ok(());
        }
        self.lines.take(bytes, &mut self.ready);
        if self.lines.held.len() > LONGEST_LINE {
            return Err(endpoint.error(ModelErrorKind::Nonsense).because("an endless line"));
        }
        Ok(())
    }

    fn ended(&mut self, endpoint: &Endpoint) -> Result<Step, ModelError> {
        let rest = self.assembly.rest();
        if !rest.is_empty() {
            return Ok(Step::Delta(rest));
        }
        if self.is_document || self.lines.has_end || self.assembly.is_finished() {
            return Ok(Step::End);
        }
        // Not one event: this is no stream at all.
        let kind = if self.assembly.has_choice { ModelErrorKind::CutStream } else { ModelErrorKind::Nonsense };
        Err(endpoint.error(kind).because("the stream ended without saying why"))
    }
}

/// Cuts bytes into the data of events. Each event of this protocol is one line.
#[derive(Default)]
struct Lines {
    held: Vec<u8>,
    /// `[DONE]` was read.
    has_end: bool,
    /// Nothing more comes.
    is_done: bool,
}

impl Lines {
    fn take(&mut self, bytes: &[u8], ready: &mut VecDeque<Vec<u8>>) {
        let mut rest = bytes;
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            self.held.extend_from_slice(&rest[..at]);
            let line = std::mem::take(&mut self.held);
            self.line(&line, ready);
            rest = &rest[at + 1..];
        }
        self.held.extend_from_slice(rest);
    }

    fn line(&mut self, line: &[u8], ready: &mut VecDeque<Vec<u8>>) {
        let Some(data) = line.strip_prefix(b"data:") else { return };
        let data = data.trim_ascii();
        if data == b"[DONE]" {
            self.has_end = true;
            self.is_done = true;
        } else if !data.is_empty() && !self.is_done {
            ready.push_back(data.to_vec());
        }
    }

    /// What is left when the bytes are over.
    fn rest(&mut self, is_document: bool) -> VecDeque<Vec<u8>> {
        let held = std::mem::take(&mut self.held);
        let mut ready = VecDeque::new();
        if is_document {
            ready.push_back(held);
        } else {
            self.line(&held, &mut ready);
        }
        ready
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_found_wherever_the_bytes_are_cut() {
        let text = "\u{feff}: hello\r\nevent: x\r\ndata: {\"ä\":1}\r\n\r\ndata:{}\n\ndata: [DONE]\n\ndata: late\n";
        for size in [1, 2, 5, 1_000] {
            let (mut lines, mut ready) = (Lines::default(), VecDeque::new());
            text.as_bytes().chunks(size).for_each(|bytes| lines.take(bytes, &mut ready));
            assert_eq!(ready, ["{\"ä\":1}".as_bytes(), b"{}"], "pieces of {size}");
            assert!(lines.has_end);
        }
    }

    #[test]
    fn a_last_line_needs_no_end() {
        let (mut lines, mut ready) = (Lines::default(), VecDeque::new());
        lines.take(b"data: {}", &mut ready);
        assert!(ready.is_empty());
        assert_eq!(lines.rest(false), [b"{}"]);
    }
}
