//! XML as office files use it: names without prefixes, limits on depth and
//! number of tags. Entities of the file's own are never expanded.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::ReadError;
use crate::charset::decode;
use crate::limits::Meter;

/// Deepest nesting.
const DEEPEST: usize = 256;

/// A piece of a file.
pub(crate) enum Piece<'a> {
    /// A start tag.
    Start(Tag<'a>),
    /// An end tag, by its name; also for a tag that is both.
    End(&'a str),
    /// Text, with its entities resolved.
    Text(&'a str),
}

/// A start tag.
pub(crate) struct Tag<'a> {
    start: &'a BytesStart<'a>,
    /// Its name without prefix.
    pub(crate) name: &'a str,
}

impl Tag<'_> {
    /// The value of an attribute, by its name without prefix.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.start.attributes();
        attributes.with_checks(false);
        let attribute =
            attributes.take(ATTRIBUTES).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
        let value = &attribute.value;
        Some(quick_xml::escape::unescape(value).map_or_else(|_| value.to_string(), std::borrow::Cow::into_owned))
    }
}

/// Most attributes of a tag that are looked at.
const ATTRIBUTES: usize = 100;

/// Hands the pieces of a file to `take`, in order.
pub(crate) fn walk(
    bytes: &[u8],
    kind: &'static str,
    meter: &mut Meter,
    mut take: impl FnMut(Piece<'_>, &mut Meter) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let text = decode(bytes);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut depth = 0_usize;
    loop {
        meter.step(1)?;
        let event = reader.read_event().map_err(|error| ReadError::damaged(kind, error))?;
        match &event {
            Event::Start(start) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(ReadError::TooLarge { limit: DEEPEST as u64, what: "levels of nesting" });
                }
                take(Piece::Start(Tag { start, name: local(start.name().into_inner()) }), meter)?;
            }
            Event::Empty(start) => {
                let name = local(start.name().into_inner());
                take(Piece::Start(Tag { start, name }), meter)?;
                take(Piece::End(name), meter)?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                take(Piece::End(local(end.name().into_inner())), meter)?;
            }
            Event::Text(text) => take(Piece::Text(text), meter)?,
            Event::CData(text) => take(Piece::Text(text), meter)?,
            Event::GeneralRef(entity) => {
                let text = match entity.resolve_char_ref() {
                    Ok(Some(letter)) => Some(letter.to_string()),
                    _ => quick_xml::escape::resolve_xml_entity(entity).map(str::to_owned),
                };
                take(Piece::Text(&text.unwrap_or_default()), meter)?;
            }
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

/// A name without its prefix.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
