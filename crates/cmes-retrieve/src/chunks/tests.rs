//! What becomes of documents.

use cmes_types::{Block, Document};
use proptest::prelude::*;

use super::{Chunk, LARGEST_WHOLE, chunks};
use crate::tokens;

fn paragraph(text: &str) -> Block {
    Block::Paragraph(text.to_owned())
}

fn heading(level: u8, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}

fn cut(blocks: Vec<Block>) -> Vec<Chunk> {
    chunks(&["Help", "Pumps"], &Document { title: None, blocks })
}

#[test]
fn headings_are_the_context_of_what_stands_below_them() {
    let found = cut(vec![
        paragraph("Read this first."),
        heading(1, "Care"),
        heading(2, "Winter"),
        paragraph("Empty it."),
        heading(2, "Summer"),
        paragraph("Fill it."),
        heading(1, "Nothing below"),
    ]);
    let found: Vec<(&str, &str)> = found.iter().map(|chunk| (&*chunk.context, &*chunk.text)).collect();
    let expected = [
        ("Help > Pumps", "Read this first."),
        ("Help > Pumps > Care > Winter", "Empty it."),
        ("Help > Pumps > Care > Summer", "Fill it."),
        ("Help > Pumps", "Nothing below"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn long_paragraphs_are_cut_between_sentences_and_evenly() {
    let sentence = "The pump has to be emptied before the winter, as water that freezes bursts the housing. ";
    let found = cut(vec![paragraph(sentence.repeat(9).trim())]);
    assert_eq!(found.iter().map(|chunk| chunk.text.matches('.').count()).collect::<Vec<_>>(), [3, 3, 3]);
    assert!(found.iter().all(|chunk| chunk.text.ends_with('.')));
    let chinese = "水泵在冬天之前必须排空，因为结冰的水会使外壳破裂。".repeat(12);
    let found = cut(vec![paragraph(&chinese)]);
    assert!(found.len() > 2 && found.iter().all(|chunk| chunk.text.ends_with('。')));
}

#[test]
fn abbreviations_end_no_sentence() {
    let text = "Nehmen Sie z. B. Dr. Müllers Mittel in ca. drei Litern Wasser und warten Sie danach eine Stunde. ";
    let found = cut(vec![paragraph(text.repeat(4).trim())]);
    assert!(found.iter().all(|chunk| chunk.text.starts_with("Nehmen") && chunk.text.ends_with("Stunde.")), "{found:?}");
}

#[test]
fn short_texts_are_put_together() {
    let item = |text: &str| Block::Item { depth: 0, text: text.to_owned() };
    let found = cut(vec![paragraph("You need:"), item("a bucket"), item("a brush"), item("warm water")]);
    assert_eq!(
        found.iter().map(|chunk| &*chunk.text).collect::<Vec<_>>(),
        ["You need:\na bucket\na brush\nwarm water"]
    );
}

#[test]
fn tables_stay_whole_or_each_part_has_the_header() {
    let table = |rows: usize| Block::Table {
        header: vec!["Model".to_owned(), "Price".to_owned()],
        rows: (0..rows).map(|row| vec![format!("S-{row}"), format!("{row} EUR")]).collect(),
    };
    assert_eq!(cut(vec![table(3)]).len(), 1);
    let found = cut(vec![table(200)]);
    assert!(found.len() > 3);
    assert!(found.iter().all(|chunk| chunk.text.starts_with("Model | Price\nS-")));
    assert!(found.iter().all(|chunk| chunk.tokens <= LARGEST_WHOLE + 20));
}

#[test]
fn nothing_comes_of_nothing() {
    assert_eq!(cut(Vec::new()), []);
    assert_eq!(cut(vec![paragraph(""), paragraph("  "), Block::Table { header: Vec::new(), rows: Vec::new() }]), []);
}

#[test]
fn a_megabyte_without_an_end_is_cut() {
    for text in ["word ".repeat(200_000), "x".repeat(1_000_000), "水".repeat(300_000)] {
        let found = cut(vec![paragraph(&text)]);
        assert!(found.iter().all(|chunk| tokens::count(&chunk.text) <= LARGEST_WHOLE + 20), "{}", &text[..3]);
    }
}

fn any_block() -> impl Strategy<Value = Block> {
    let text = "[\\PC .!?。|]{0,400}";
    prop_oneof![
        (1..7_u8, text).prop_map(|(level, text)| Block::Heading { level, text }),
        text.prop_map(Block::Paragraph),
        (0..4_u8, text).prop_map(|(depth, text)| Block::Item { depth, text }),
        text.prop_map(Block::Preformatted),
        (proptest::collection::vec(text, 0..3), proptest::collection::vec(proptest::collection::vec(text, 0..3), 0..5))
            .prop_map(|(header, rows)| Block::Table { header, rows }),
    ]
}

/// The letters and digits of texts, in their order.
fn letters<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().flat_map(str::chars).filter(|letter| letter.is_alphanumeric()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Every letter of the document is in a passage or in the context of one, and cutting again gives the same.
    #[test]
    fn passages_cover_the_document(blocks in proptest::collection::vec(any_block(), 0..8)) {
        let document = Document { title: None, blocks };
        let found = chunks(&[], &document);
        prop_assert_eq!(&found, &chunks(&[], &document));
        let is_heading = |block: &&Block| matches!(block, Block::Heading { .. });
        let texts = document.blocks.iter().filter(|block| !is_heading(block)).flat_map(|block| match block {
            Block::Heading { text, .. } | Block::Paragraph(text) | Block::Item { text, .. }
            | Block::Preformatted(text) => vec![text.as_str()],
            Block::Table { header, rows } => header.iter().chain(rows.iter().flatten()).map(String::as_str).collect(),
        });
        let all = letters(texts).chars().count();
        let kept: usize = found.iter().map(|chunk| letters([&*chunk.text]).chars().count()).sum();
        prop_assert!(kept >= all, "{} of {}", kept, all);
        for block in document.blocks.iter().filter(is_heading) {
            let Block::Heading { text, .. } = block else { continue };
            let text = letters([&**text]);
            let found = found.iter().any(|chunk| letters([&*chunk.context, &*chunk.text]).contains(&text));
            prop_assert!(found || text.is_empty() || text.chars().count() > 50, "{}", text);
        }
        prop_assert!(found.iter().all(|chunk| !chunk.text.trim().is_empty() && chunk.tokens > 0));
    }
}
