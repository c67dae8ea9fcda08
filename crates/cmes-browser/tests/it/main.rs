//! The browser with a real Chromium and real servers on loopback.
//!
//! `TEST_BROWSER` names the Chromium (`make test` sets it); without it the one
//! that is installed is taken. Where there is none, the tests say so.

mod hostile;
mod network;
mod pages;
mod process;
mod support;
