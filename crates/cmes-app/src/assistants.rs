//! Assistants: dialogues whose answers rest on knowledge bases.
//!
//! A message goes this way: [`messages::receive`] decides whether it is only
//! stored or to be answered; then a task is made together with it
//! ([`crate::tasks`]), which takes its place in the channel's line
//! ([`order`]); when it is the first, [`turn`] gathers what the answer may rest
//! on, [`answer`] writes it, and the transaction that ends the task stores it.

pub mod answer;
mod attachments;
pub mod channels;
pub mod messages;
pub mod order;
pub mod scope;
pub mod turn;

/// Longest instructions for the answers of a dialogue, in characters.
pub const LONGEST_SYSTEM: usize = 20_000;
/// Longest name of a participant, in characters.
pub const LONGEST_NAME: usize = 500;
/// Longest sentence about a dialogue, in characters.
pub const LONGEST_CONTEXT: usize = 2_000;
/// Longest message, in characters.
pub const LONGEST_MESSAGE: usize = 20_000;
/// Most articles or knowledge bases that a message or channel names.
pub const MOST_NAMED: usize = 200;
