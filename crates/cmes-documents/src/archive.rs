//! The containers of office files: ZIP, unpacked within limits.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::ReadError;
use crate::limits::Meter;

/// Most bytes that a byte of a container may become; XML reaches about a
/// hundred, an image made to harm more than a thousand.
const LARGEST_RATIO: u64 = 400;
/// What may be unpacked whatever the ratio.
const HARMLESS: u64 = 1024 * 1024;

/// A container, and what of it was unpacked.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    kind: &'static str,
}

impl<'a> Archive<'a> {
    /// Opens a container of this kind of file.
    pub(crate) fn open(bytes: &'a [u8], kind: &'static str, meter: &Meter) -> Result<Self, ReadError> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| ReadError::damaged(kind, error))?;
        if zip.len() > meter.limits().entries {
            return Err(ReadError::TooLarge { limit: meter.limits().entries as u64, what: "files in it" });
        }
        Ok(Self { zip, kind })
    }

    /// The names of its files.
    pub(crate) fn names(&self) -> Vec<String> {
        self.zip.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect()
    }

    /// Whether there is a file of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// Unpacks a file; none if there is none of this name.
    pub(crate) fn read(&mut self, name: &str, meter: &mut Meter) -> Result<Option<Vec<u8>>, ReadError> {
        let kind = self.kind;
        let file = match self.zip.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(reason)) if reason == ZipError::PASSWORD_REQUIRED => {
                return Err(ReadError::Protected { kind });
            }
            Err(error) => return Err(ReadError::damaged(kind, error)),
        };
        let allowed = file.compressed_size().saturating_mul(LARGEST_RATIO).max(HARMLESS);
        let allowed = allowed.min(meter.unpackable() as u64);
        let mut bytes = Vec::new();
        // What the entry says of its size is not believed; a byte more shows that it is too large.
        file.take(allowed.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| ReadError::damaged(kind, error))?;
        if bytes.len() as u64 > allowed {
            return Err(ReadError::TooLarge { limit: allowed, what: "bytes in one of its parts" });
        }
        meter.unpack(bytes.len())?;
        Ok(Some(bytes))
    }
}
