//! What a file may cost. There is no clock here: steps are counted instead.

use crate::ReadError;

/// The most that is read of one file; beyond it, reading fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file: usize,
    /// Bytes of what is packed in it, once unpacked.
    pub unpacked: usize,
    /// Files in a container (DOCX, XLSX).
    pub entries: usize,
    /// Bytes of the text that comes out.
    pub text: usize,
    /// Cells of its tables.
    pub cells: usize,
    /// Pages of a PDF.
    pub pages: usize,
    /// Steps: tags of XML, bytes of page descriptions, glyphs.
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file: 64 * 1024 * 1024,
            unpacked: 256 * 1024 * 1024,
            entries: 20_000,
            text: 16 * 1024 * 1024,
            cells: 1_000_000,
            pages: 3_000,
            steps: 200_000_000,
        }
    }
}

/// Counts what reading has cost so far, and fails at the limits.
#[derive(Debug)]
pub(crate) struct Meter {
    limits: Limits,
    unpacked: usize,
    text: usize,
    cells: usize,
    steps: u64,
}

impl Meter {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, unpacked: 0, text: 0, cells: 0, steps: 0 }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How many bytes may still be unpacked.
    pub(crate) fn unpackable(&self) -> usize {
        self.limits.unpacked.saturating_sub(self.unpacked)
    }

    pub(crate) fn unpack(&mut self, bytes: usize) -> Result<(), ReadError> {
        count(&mut self.unpacked, bytes, self.limits.unpacked, "bytes once unpacked")
    }

    pub(crate) fn text(&mut self, bytes: usize) -> Result<(), ReadError> {
        count(&mut self.text, bytes, self.limits.text, "bytes of text")
    }

    pub(crate) fn cells(&mut self, cells: usize) -> Result<(), ReadError> {
        count(&mut self.cells, cells, self.limits.cells, "cells")
    }

    pub(crate) fn step(&mut self, steps: u64) -> Result<(), ReadError> {
        self.steps = self.steps.saturating_add(steps);
        let limit = self.limits.steps;
        if self.steps > limit { Err(ReadError::TooLarge { limit, what: "parts to be read" }) } else { Ok(()) }
    }
}

fn count(counter: &mut usize, more: usize, limit: usize, what: &'static str) -> Result<(), ReadError> {
    *counter = counter.saturating_add(more);
    if *counter > limit { Err(ReadError::TooLarge { limit: limit as u64, what }) } else { Ok(()) }
}
