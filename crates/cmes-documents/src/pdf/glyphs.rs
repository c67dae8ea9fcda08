//! The glyphs of each page and where they stand.

use hayro_interpret::font::{Glyph as Drawn, GlyphRun};
use hayro_interpret::hayro_cmap::BfString;
use hayro_interpret::hayro_syntax::object::Dict;
use hayro_interpret::hayro_syntax::{LoadPdfError, Pdf};
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, RenderContent, SoftMask, TransformExt, interpret_page,
};

use super::KIND;
use super::clean::FORM;
use crate::ReadError;
use crate::limits::Meter;

/// Width of a glyph without one, in ems.
const USUAL_WIDTH: f64 = 0.5;
/// Steps that a clip costs, and a form beside its length.
const CLIP: u64 = 10;
const FORM_STEPS: u64 = 1_000;

/// A glyph, in points from the upper left corner of its page.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    pub(super) text: String,
    /// Where it begins, and where the next one may.
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// Its baseline.
    pub(super) y: f32,
    /// Size of its font.
    pub(super) size: f32,
}

/// The glyphs of all pages, in the order in which they are drawn.
pub(super) fn pages(bytes: Vec<u8>, meter: &mut Meter) -> Result<Vec<Vec<Glyph>>, ReadError> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => ReadError::Protected { kind: KIND },
        LoadPdfError::Invalid => ReadError::damaged(KIND, "its structure cannot be followed"),
    })?;
    let cache = InterpreterCache::new();
    let mut all = Vec::new();
    for page in pdf.pages().iter().take(meter.limits().pages) {
        meter.step(page.page_stream().map_or(0, <[u8]>::len) as u64 / 8)?;
        let settings = InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
        let (width, height) = page.render_dimensions();
        let area = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
        let transform = page.initial_transform(true).to_kurbo();
        let mut context = Context::new(transform, area, &cache, pdf.xref(), settings);
        let mut reader = Reader { meter, area, drawn: Default::default() };
        interpret_page(page, &mut context, &mut reader);
        all.push(upright(reader.drawn));
    }
    Ok(all)
}

struct Reader<'m> {
    meter: &'m mut Meter,
    area: Rect,
    /// By direction: to the right, down, to the left, up.
    drawn: [Vec<Glyph>; 4],
}

impl Reader<'_> {
    /// Counts steps. The interpreter takes no answer, so its end is to be unwound.
    fn step(&mut self, steps: u64) {
        if let Err(error) = self.meter.step(steps) {
            std::panic::resume_unwind(Box::new(error));
        }
    }

    fn glyph(&mut self, glyph: &Drawn<'_>, transform: Affine) {
        let Some(text) = glyph.as_unicode() else { return };
        let text = match text {
            BfString::Char(letter) => letter.to_string(),
            BfString::String(text) => text,
        };
        let width = match glyph {
            Drawn::Outline(outline) => outline.advance_width(),
            Drawn::Type3(glyph) => glyph.advance_width(),
        };
        let width = width.map_or(USUAL_WIDTH * 1000.0, f64::from);
        let origin = transform * Point::ZERO;
        let end = transform * Point::new(width, 0.0);
        let top = transform * Point::new(0.0, 1000.0);
        let along = end - origin;
        let size = (top - origin).hypot();
        let is_shown = origin.is_finite() && end.is_finite() && size > 0.5 && size < 2_000.0;
        if !is_shown || !self.area.inflate(2.0, 2.0).contains(origin) {
            return;
        }
        let is_straight = |main: f64, other: f64| other.abs() <= 0.05 * main.abs().max(size * 0.1);
        // Text at another angle is a stamp across the page.
        let (direction, x0, x1, y) = if is_straight(along.x, along.y) && along.x >= 0.0 {
            (0, origin.x, end.x, origin.y)
        } else if is_straight(along.y, along.x) && along.y >= 0.0 {
            (1, origin.y, end.y, -origin.x)
        } else if is_straight(along.x, along.y) {
            (2, -origin.x, -end.x, -origin.y)
        } else if is_straight(along.y, along.x) {
            (3, -origin.y, -end.y, origin.x)
        } else {
            return;
        };
        let glyph = Glyph { text, x0: x0 as f32, x1: x1 as f32, y: y as f32, size: size as f32 };
        let Some(drawn) = self.drawn.get_mut(direction) else { return };
        // Bold is sometimes made by drawing everything twice.
        let is_again = |other: &Glyph| {
            other.text == glyph.text
                && (other.x0 - glyph.x0).abs() < 0.12 * glyph.size
                && (other.y - glyph.y).abs() < 0.12 * glyph.size
        };
        if !drawn.iter().rev().take(AGAIN).any(is_again) {
            drawn.push(glyph);
        }
    }
}

/// How many glyphs back a repetition is looked for.
const AGAIN: usize = 120;

/// The glyphs of the direction in which most of a page is written.
fn upright(drawn: [Vec<Glyph>; 4]) -> Vec<Glyph> {
    drawn.into_iter().rev().max_by_key(Vec::len).unwrap_or_default()
}

impl<'a> Device<'a> for Reader<'_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.step(1);
    }

    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {
        self.step(1);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {
        self.step(CLIP);
    }

    fn push_clip_rect(&mut self, _: &Rect) {
        self.step(CLIP);
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {
        self.step(CLIP);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        self.step(1 + run.glyphs().len() as u64);
        for glyph in run.glyphs() {
            self.glyph(glyph, props.transform * glyph.transform());
        }
    }

    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {
        self.step(1);
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn begin_marked_content(&mut self, tag: &[u8], properties: Option<&Dict<'_>>) {
        if tag == FORM {
            let length = properties.and_then(|properties| properties.get::<u32>(b"Length")).unwrap_or_default();
            self.step(FORM_STEPS + u64::from(length) / 8);
        }
    }
}
