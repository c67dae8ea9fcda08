//! Takes off the thoughts that some models write in front of their answer,
//! between `<think>` and `</think>`, when their server does not.

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";
/// More space than this is not followed by thoughts.
const LONGEST_SPACE: usize = 64;

/// Lets the answer through, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Thoughts {
    state: State,
    /// What cannot be judged yet.
    held: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq)]
enum State {
    /// The text may still begin with thoughts.
    #[default]
    Beginning,
    Thinking,
    /// Thoughts are over; space in front of the answer is not part of it.
    Waiting,
    Answering,
}

impl Thoughts {
    /// What of this piece, and of earlier ones, belongs to the answer.
    pub(super) fn pass(&mut self, piece: &str) -> String {
        if self.state == State::Answering {
            return piece.to_owned();
        }
        self.held.push_str(piece);
        if self.state == State::Beginning {
            let text = self.held.trim_start();
            if let Some(thoughts) = text.strip_prefix(OPEN) {
                self.held = thoughts.to_owned();
                self.state = State::Thinking;
            } else if !OPEN.starts_with(text) || self.held.len() > LONGEST_SPACE {
                self.state = State::Answering;
                return std::mem::take(&mut self.held);
            }
        }
        if self.state == State::Thinking {
            match self.held.find(CLOSE) {
                Some(at) => {
                    self.held.drain(..at + CLOSE.len());
                    self.state = State::Waiting;
                }
                None => self.forget_all_but_the_end(),
            }
        }
        if self.state == State::Waiting {
            let answer = self.held.trim_start().to_owned();
            self.held.clear();
            if !answer.is_empty() {
                self.state = State::Answering;
            }
            return answer;
        }
        String::new()
    }

    /// What was held back, when the text is over.
    pub(super) fn end(&mut self) -> String {
        match self.state {
            State::Beginning => std::mem::take(&mut self.held),
            _ => String::new(),
        }
    }

    /// The end may be the beginning of `</think>`.
    fn forget_all_but_the_end(&mut self) {
        let mut keep_from = self.held.len().saturating_sub(CLOSE.len());
        while !self.held.is_char_boundary(keep_from) {
            keep_from += 1;
        }
        self.held.drain(..keep_from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thoughts_are_taken_off_wherever_the_text_is_cut() {
        let check = |text: &str, answer: &str| {
            for size in [1, 2, 3, 7, 1_000] {
                let characters: Vec<char> = text.chars().collect();
                let mut thoughts = Thoughts::default();
                let mut seen: String =
                    characters.chunks(size).map(|piece| thoughts.pass(&String::from_iter(piece))).collect();
                seen.push_str(&thoughts.end());
                assert_eq!(seen, answer, "{text:?} in pieces of {size}");
            }
        };
        check("Pumps.", "Pumps.");
        check("<think>The user wants… </thin k></think>\n\nPumps.  \n", "Pumps.  \n");
        check("\n<think>\n</think>\n{\"a\": 1}", "{\"a\": 1}");
        check("<think>Ünd nun für immer weiter", "");
        check("<th", "<th");
        check("<thing> is a tag, <think> is another", "<thing> is a tag, <think> is another");
        check("", "");
    }
}
