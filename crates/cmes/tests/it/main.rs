//! The built program, run as users run it: in a folder of its own, its whole
//! output looked at.

mod commands;
mod directory;
mod kb;
mod knowledge;
mod leads;
mod models;
mod rendering;
mod search;
mod support;
mod survival;
mod telemetry;
