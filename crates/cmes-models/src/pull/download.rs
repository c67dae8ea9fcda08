//! One file from one address, resumed where it was left.

use std::path::Path;

use bytes::Bytes;
use cmes_fetch::{ServiceAnswer, ServiceError};
use http::header::{ACCEPT_ENCODING, CONTENT_RANGE, RANGE};
use http::{HeaderMap, HeaderValue};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt, BufWriter};
use url::Url;

use super::{Fault, Puller, length};

/// Attempts in a row that bring nothing new.
const ATTEMPTS: u32 = 3;

/// How an attempt ended that did not fail for good.
enum Attempt {
    Whole,
    /// Why the rest is still missing.
    BrokenOff(&'static str),
}

const BROKEN_OFF: &str = "the connection breaks off again and again";

impl Puller {
    /// Fetches what is at this address until the file has so many bytes, and tells how many it has.
    pub(super) async fn download(
        &self,
        url: &Url,
        path: &Path,
        size: u64,
        observer: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<(), Fault> {
        let mut failures = 0;
        loop {
            let before = length(path);
            if before == size {
                return Ok(());
            }
            let reason = match self.attempt(url, path, size, observer).await? {
                Attempt::Whole => return Ok(()),
                Attempt::BrokenOff(reason) => reason,
            };
            failures = if length(path) > before { 0 } else { failures + 1 };
            if failures >= ATTEMPTS {
                return Err(Fault::source(reason));
            }
            tokio::time::sleep(self.options.pause).await;
        }
    }

    async fn attempt(
        &self,
        url: &Url,
        path: &Path,
        size: u64,
        observer: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Attempt, Fault> {
        let have = length(path).min(size);
        // Compressed, the bytes of the file could not be counted.
        let mut headers = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        if have > 0 {
            headers.insert(
                RANGE,
                HeaderValue::from_str(&format!("bytes={have}-")).map_err(|_| Fault::source("no range"))?,
            );
        }
        let answer = match self.client.get(url, headers).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Attempt::BrokenOff(sentence(&error))),
        };
        let start = match answer.status {
            206 if starts_at(&answer, have) => have,
            // The whole file once more.
            200 => 0,
            // Not from there on: the next attempt begins anew.
            206 | 416 => {
                std::fs::remove_file(path).map_err(|error| Fault::file(path, error))?;
                return Ok(Attempt::BrokenOff("it gives other parts of the file than it is asked for"));
            }
            status => return Err(Fault::source(status_sentence(status))),
        };
        let mut file = open_at(path, start).await.map_err(|error| Fault::file(path, error))?;
        let outcome = write(answer, &mut file, start, size, observer).await;
        file.flush().await.map_err(|error| Fault::file(path, error))?;
        match outcome {
            Ok(attempt) => Ok(attempt),
            Err(WriteFault::TooLong) => {
                std::fs::remove_file(path).map_err(|error| Fault::file(path, error))?;
                Err(Fault::source("it gives a larger file"))
            }
            Err(WriteFault::File(error)) => Err(Fault::file(path, error)),
        }
    }
}

enum WriteFault {
    TooLong,
    File(std::io::Error),
}

async fn write(
    mut answer: ServiceAnswer,
    file: &mut BufWriter<File>,
    start: u64,
    size: u64,
    observer: &(dyn Fn(u64) + Send + Sync),
) -> Result<Attempt, WriteFault> {
    let mut have = start;
    loop {
        let chunk: Bytes = match answer.chunk().await {
            Ok(Some(chunk)) => chunk,
            Ok(None) if have == size => return Ok(Attempt::Whole),
            Ok(None) => return Ok(Attempt::BrokenOff(BROKEN_OFF)),
            Err(error) => return Ok(Attempt::BrokenOff(sentence(&error))),
        };
        have += chunk.len() as u64;
        if have > size {
            return Err(WriteFault::TooLong);
        }
        file.write_all(&chunk).await.map_err(WriteFault::File)?;
        observer(have);
    }
}

async fn open_at(path: &Path, start: u64) -> std::io::Result<BufWriter<File>> {
    let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(path).await?;
    file.set_len(start).await?;
    file.seek(std::io::SeekFrom::End(0)).await?;
    Ok(BufWriter::with_capacity(256 * 1024, file))
}

/// Whether a part of the file begins where ours ends.
fn starts_at(answer: &ServiceAnswer, have: u64) -> bool {
    let range = answer.headers.get(CONTENT_RANGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    range
        .strip_prefix("bytes ")
        .and_then(|range| range.split_once('-'))
        .is_some_and(|(start, _)| start.parse() == Ok(have))
}

pub(super) fn status_sentence(status: u16) -> String {
    match status {
        401 | 403 => format!("it does not give the file to everybody (status {status})"),
        404 | 410 => "it does not have the file any more".to_owned(),
        _ => format!("it answers with status {status}"),
    }
}

pub(super) fn sentence(error: &ServiceError) -> &'static str {
    match error {
        ServiceError::Connect(_) => "it cannot be reached",
        ServiceError::Timeout | ServiceError::Broken(_) => BROKEN_OFF,
        ServiceError::TooLong(_) => "its answer is too long",
    }
}
