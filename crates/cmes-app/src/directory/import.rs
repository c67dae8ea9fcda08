//! Importing a list of companies: CSV in whichever encoding and with whichever separator, or a JSON object a line.
//!
//! The file is read piece by piece, so that its size does not matter. A row that cannot be taken is told, with its line,
//! and passed over; importing the same again changes nothing.

use std::io::{self, Read};

use cmes_documents::stream::{Lines, OpenError, Row, Rows, Unreadable};
use cmes_store::companies::{self, Company, Source};
use serde_json::Value;
use tokio::sync::mpsc;

use super::Directory;
use super::record::{Column, Refusal, of_columns, of_object};
use crate::Error;

/// Companies that are stored in one transaction.
const BATCH: usize = 500;
/// Rows that cannot be taken of which it is told why.
const TOLD: usize = 20;
/// Rows in front of the one that names the columns.
const MOST_NOTES: usize = 20;

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows with something in them, but for the names of columns.
    pub rows: usize,
    /// Companies that were unknown before.
    pub added: usize,
    /// Those that were known, of which something is new.
    pub updated: usize,
    /// Those of which nothing is new.
    pub unchanged: usize,
    /// Rows that were not taken.
    pub refused: usize,
    /// Why, for the first of them.
    pub troubles: Vec<Trouble>,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Its line.
    pub line: u64,
    /// Why, and what to do.
    pub reason: String,
}

/// Why nothing can be imported, or no more.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// It is no list.
    #[error("{0}; give a table as CSV, or JSONL, one object a line")]
    Open(OpenError),
    /// It cannot be read on.
    #[error("the file cannot be read")]
    Io(#[from] io::Error),
    /// It is a JSON document.
    #[error("this is a JSON list; write each of its objects on a line of its own (jq -c '.[]' FILE > FILE.jsonl)")]
    List,
    /// No column names websites.
    #[error("no row names a column of websites. These columns are read: {0}")]
    NoHeader(String),
    /// The database failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// A piece of a file.
#[derive(Default)]
struct Batch {
    companies: Vec<Company>,
    rows: usize,
    refused: usize,
    troubles: Vec<Trouble>,
}

impl Directory {
    /// Imports a list; `told` hears after each piece how many rows were read.
    ///
    /// # Errors
    /// [`ImportError`]; what was stored before stays, and importing the file again goes on where it ended.
    pub async fn import(
        &self,
        file: impl Read + Send + 'static,
        mut told: impl FnMut(usize) + Send,
    ) -> Result<Report, ImportError> {
        let (sender, mut batches) = mpsc::channel::<Batch>(2);
        let reading = tokio::task::spawn_blocking(move || read(file, &sender));
        let mut report = Report::default();
        let mut failure = None;
        while let Some(batch) = batches.recv().await {
            let now = self.0.clock.now();
            match companies::put(&self.0.db, &batch.companies, Source::Import, now).await {
                Ok(put) => {
                    report.added += put.added;
                    report.updated += put.updated;
                    report.unchanged += put.unchanged;
                }
                Err(error) => {
                    failure = Some(Error::from(error));
                    break;
                }
            }
            report.rows += batch.rows;
            report.refused += batch.refused;
            report.troubles.extend(batch.troubles.into_iter().take(TOLD - report.troubles.len().min(TOLD)));
            told(report.rows);
        }
        // Ends the reading, if it has not ended.
        drop(batches);
        let read = reading.await.map_err(Error::internal)?;
        if let Some(failure) = failure {
            return Err(failure.into());
        }
        read?;
        self.0.bell.notify_one();
        Ok(report)
    }
}

/// Reads a file into pieces, until its end or until nobody takes them any more.
fn read(file: impl Read, sender: &mpsc::Sender<Batch>) -> Result<(), ImportError> {
    let lines = Lines::open(file).map_err(ImportError::Open)?;
    match lines.beginning().trim_start().chars().next() {
        Some('{') => read_objects(lines, sender),
        Some('[') => Err(ImportError::List),
        _ => read_table(lines, sender),
    }
}

fn read_objects<R: Read>(mut lines: Lines<R>, sender: &mpsc::Sender<Batch>) -> Result<(), ImportError> {
    let mut batch = Batch::default();
    while let Some(line) = lines.next_line()? {
        let text = match &line.text {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => Ok(text.as_str()),
            Err(why) => Err(*why),
        };
        batch.take(line.number, text.map_err(|why| why.to_string()).and_then(of_line));
        if !batch.sent_if_full(sender) {
            return Ok(());
        }
    }
    batch.send(sender);
    Ok(())
}

fn of_line(text: &str) -> Result<Company, String> {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(object)) => of_object(&object).map_err(|refusal| refusal.to_string()),
        Ok(_) => Err("this is no JSON object; write one a line".to_owned()),
        Err(error) => Err(format!("this is no JSON object ({error}); write one a line")),
    }
}

fn read_table<R: Read>(lines: Lines<R>, sender: &mpsc::Sender<Batch>) -> Result<(), ImportError> {
    let mut rows = Rows::of(lines)?;
    let columns = header(&mut rows)?;
    let mut batch = Batch::default();
    while let Some(row) = rows.next_row()? {
        match row.cells {
            Ok(cells) if cells.iter().all(|cell| cell.trim().is_empty()) => continue,
            cells => batch.take(row.line, of_cells(&columns, cells)),
        }
        if !batch.sent_if_full(sender) {
            return Ok(());
        }
    }
    batch.send(sender);
    Ok(())
}

/// The columns, by the first row that names one of websites.
fn header<R: Read>(rows: &mut Rows<R>) -> Result<Vec<Option<Column>>, ImportError> {
    for _ in 0..MOST_NOTES {
        let Some(Row { cells, .. }) = rows.next_row()? else { break };
        let columns: Vec<Option<Column>> = cells.unwrap_or_default().iter().map(|cell| Column::named(cell)).collect();
        if columns.contains(&Some(Column::Website)) {
            return Ok(columns);
        }
    }
    Err(ImportError::NoHeader(Column::accepted()))
}

fn of_cells(columns: &[Option<Column>], cells: Result<Vec<String>, Unreadable>) -> Result<Company, String> {
    let cells = cells.map_err(|why| why.to_string())?;
    let named = columns.iter().zip(&cells).filter_map(|(column, cell)| Some(((*column)?, cell.as_str())));
    of_columns(named).map_err(|refusal: Refusal| refusal.to_string())
}

impl Batch {
    fn take(&mut self, line: u64, company: Result<Company, String>) {
        self.rows += 1;
        match company {
            Ok(company) => self.companies.push(company),
            Err(reason) => {
                self.refused += 1;
                if self.troubles.len() < TOLD {
                    self.troubles.push(Trouble { line, reason });
                }
            }
        }
    }

    /// Sends it off when it has enough; false when nobody takes it.
    fn sent_if_full(&mut self, sender: &mpsc::Sender<Batch>) -> bool {
        self.rows < BATCH || std::mem::take(self).send(sender)
    }

    fn send(self, sender: &mpsc::Sender<Self>) -> bool {
        self.rows == 0 || sender.blocking_send(self).is_ok()
    }
}
