//! Pages that only exist by script, rendered in Chromium.
//!
//! A [`Browser`] keeps one headless Chromium warm and gives it pages one by one
//! ([`Browser::render`]). Chromium opens no connection: each request of a page is
//! held, judged and answered from [`cmes_fetch`], under the same rules and out of
//! the same budget as any other read; what cannot be held (sockets, peers) finds
//! no network. A page is limited in time, memory and size, sees nothing of the
//! pages before it, and whatever it does ends with its text or a [`BrowserError`].
//!
//! From the outside in: `browser` (turns, the warm process) → `page` (one page
//! from navigation to text) → `requests` (what it may have) → `process` (start,
//! watch, end) → `command` (how Chromium is started) → `protocol` (its
//! DevTools protocol over two pipes).

mod browser;
mod command;
mod error;
mod page;
mod process;
mod profile;
mod protocol;
mod requests;

pub use browser::{Browser, Limits};
pub use command::{Confinement, installed};
pub use error::BrowserError;
