//! Models inside of this process, by llama.cpp: nothing to install beside the program, no key, no text that leaves it.
//!
//! From the outside in: [`EmbeddedEmbedder`] and [`EmbeddedChat`] are what the rest of the program sees. Each owns threads
//! of lower priority than the server's, loads its model for the first question, and forgets it when it was not asked for a
//! while. A thread computes alone: two threads that share one computation wait for each other at every step, and on a
//! machine that has other things to do that made them fifteen times slower than one.

mod backend;
mod chat;
mod chat_prompt;
mod chat_slots;
mod chat_thread;
mod chat_writer;
mod e5_file;
mod e5_gguf;
mod e5_network;
mod embedder;
mod embedder_threads;
mod gguf;
mod unigram;

pub use chat::{ChatSettings, EmbeddedChat};
pub use embedder::{EmbeddedEmbedder, EmbedderSettings};
