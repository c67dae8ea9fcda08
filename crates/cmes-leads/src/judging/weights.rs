//! What a company's texts name: the heaviest thing beside what is wanted, and how the company stands to roles.

use std::collections::BTreeMap;

use super::activity::BESIDE;
use super::lexicon::{Kind, LEXICON, Mention};
use super::setting::SETTING;
use super::texts::{STATEMENT, Telling, Texts};
use super::wanted::Wanted;

/// How a company stands to the wanted roles.
#[derive(Clone, Debug)]
pub(super) struct Role {
    /// It plainly has another one.
    pub(super) is_other: bool,
    pub(super) is_shown: bool,
    /// What the strength is multiplied by.
    pub(super) share: f32,
    pub(super) shown: Option<usize>,
}

impl Default for Role {
    fn default() -> Self {
        Self { is_other: false, is_shown: false, share: 1.0, shown: None }
    }
}

/// What the company's texts name beside what is wanted.
pub(super) struct Weights {
    /// The heaviest other thing, and the text that shows it.
    pub(super) other: (f32, Option<usize>),
    /// Weight of the heaviest other thing where companies say what they are.
    pub(super) stated: f32,
    pub(super) roles: BTreeMap<&'static str, (f32, Option<usize>)>,
    /// Roles that the company says it does not have, with the text that says so.
    denied: BTreeMap<&'static str, usize>,
    /// Weight of the heaviest text of each role.
    plainest: BTreeMap<&'static str, f32>,
    /// Weight of the heaviest service.
    pub(super) service: f32,
    /// The text by which it is an association of companies.
    pub(super) association: Option<usize>,
}

impl Weights {
    pub(super) fn of(texts: &Texts<'_>, wanted: &Wanted) -> Self {
        let mut things: BTreeMap<u16, (f32, f32, Option<usize>)> = BTreeMap::new();
        let mut roles: BTreeMap<&'static str, (f32, f32, Option<usize>)> = BTreeMap::new();
        let mut association = (0.0, 0.0, None);
        let mut services: BTreeMap<u16, f32> = BTreeMap::new();
        let mut stated: BTreeMap<u16, f32> = BTreeMap::new();
        let mut denied: BTreeMap<&'static str, usize> = BTreeMap::new();
        for (index, text) in texts.list.iter().enumerate() {
            let is_about = text.mentions.iter().any(|one| wanted.has_concept(one.concept));
            let part = share_of_part(text);
            for one in &text.mentions {
                let Some(concept) = LEXICON.concept(one.concept) else { continue };
                let full = if one.is_audience || text.is_usage { text.weight * BESIDE } else { text.weight };
                if concept.id == "association" && text.weight >= 1.5 && !one.is_audience {
                    count(&mut association, full, index);
                }
                if matches!(concept.kind, Kind::Service | Kind::Work)
                    && !one.is_specifying
                    && !wanted.has_concept(one.concept)
                    && !is_thing(&concept.id)
                {
                    *services.entry(one.concept).or_default() += full;
                }
                match concept.kind {
                    Kind::Good | Kind::Service
                        if !wanted.has_concept(one.concept)
                            && !wanted.is_family(&concept.id)
                            && !is_same_words(&text.mentions, one, wanted) =>
                    {
                        // Beside what is wanted it may say the same in other words.
                        let share = if concept.is_vague || wanted.is_kin_of(concept) { 0.3 } else { 1.0 };
                        let share = share
                            * if one.is_specifying { BESIDE } else { 1.0 }
                            * if is_about { 0.5 } else { 1.0 }
                            * part;
                        count(things.entry(one.concept).or_default(), full * share, index);
                        if text.is_statement() {
                            *stated.entry(one.concept).or_default() += full * share;
                        }
                    }
                    Kind::Role if is_denied_role(text, one.start) => {
                        denied.entry(concept.id.as_str()).or_insert(index);
                    }
                    Kind::Role if !text.is_of_others => {
                        let share = if is_about || text.weight >= 1.5 { 1.0 } else { 0.5 };
                        count(roles.entry(concept.id.as_str()).or_default(), full * share, index);
                    }
                    _ => {}
                }
            }
        }
        let other = things.values().map(|(weight, _, shown)| (*weight, *shown)).max_by(|a, b| a.0.total_cmp(&b.0));
        let plainest = roles.iter().map(|(id, (_, most, _))| (*id, *most)).collect();
        let roles = roles.into_iter().map(|(id, (weight, _, shown))| (id, (weight, shown))).collect();
        let association = association.2.filter(|_| association.0 >= 3.0);
        let service = services.into_values().fold(0.0, f32::max);
        let stated = stated.into_values().fold(0.0, f32::max);
        Self { other: other.unwrap_or_default(), stated, roles, denied, plainest, service, association }
    }

    /// The text by which a company makes or sells something to those who are wanted, rather than being one of them.
    /// Where it says itself that it is one (`is_stated`), others than it may be makers or dealers in the rest of its text.
    pub(super) fn serves(&self, wanted: &Wanted, total: f32, is_stated: bool) -> Option<usize> {
        if !wanted.is_named_company() || !wanted.roles.is_empty() {
            return None;
        }
        let is_said = |role: &&&str| !is_stated || self.plainest.get(**role).is_some_and(|most| *most >= STATEMENT);
        let (role, shown) = ["maker", "wholesale"]
            .iter()
            .filter(|role| !wanted.has_within(role))
            .filter(is_said)
            .filter_map(|role| self.roles.get(role))
            .copied()
            .max_by(|a, b| a.0.total_cmp(&b.0))?;
        if role >= 1.5 && role >= total * 0.5 { shown } else { None }
    }

    fn weight(&self, role: &str) -> f32 {
        self.roles.get(role).map_or(0.0, |(weight, _)| *weight)
    }

    /// How the company stands to roles of which one will do.
    pub(super) fn role(&self, wanted: &[&'static str]) -> Role {
        // What any company can be called, and who sells at all.
        let asked: Vec<&str> = wanted.iter().copied().filter(|role| TOLD.contains(role)).collect();
        if asked.is_empty() || asked.len() < wanted.len() && wanted.contains(&"supplier") {
            return Role::default();
        }
        let own = asked.iter().map(|role| self.weight(role)).fold(0.0, f32::max);
        let near = asked.iter().flat_map(|role| near(role)).map(|role| self.weight(role)).fold(0.0, f32::max);
        let others = TOLD.iter().filter(|role| !asked.contains(role) && !asked.iter().any(|one| near_to(one, role)));
        let (other, shown) = others
            .filter_map(|role| self.roles.get(role))
            .copied()
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .unwrap_or_default();
        // "We are not a mill: we hold what others make."
        let denied = asked.iter().find_map(|role| self.denied.get(role)).filter(|_| other > own * 0.5 && other >= 1.0);
        // A dealer by its title names the makers of its goods in the text.
        let plainest = asked.iter().filter_map(|role| self.plainest.get(role)).copied().fold(0.0, f32::max);
        let is_titled = other >= 2.5 && plainest <= 1.0 && own + near * 0.5 < other * 0.5;
        let is_other = own + near * 0.5 < 0.6 && other >= 1.5
            || own + near * 0.5 < other * 0.18 && other >= 3.0
            || is_titled
            || denied.is_some();
        let shown = denied.copied().or(shown);
        let share = if own >= 0.8 { 0.7 + 0.3 * (own / (own + other).max(0.1)) } else { 0.55 };
        Role { is_other, is_shown: own >= 0.8, share, shown: if is_other { shown } else { None } }
    }
}

/// What one part of an enumeration counts of a text: who prints "books, catalogues, labels, leaflets" makes no labels
/// above all. The root, since some of the parts say the same.
#[expect(clippy::cast_precision_loss, reason = "some dozens")]
fn share_of_part(text: &Telling<'_>) -> f32 {
    const FEWEST: usize = 3;
    let parts = 1 + text.folded.chars().filter(|c| matches!(c, ',' | ';' | '·' | '|' | '、' | '،')).count();
    if parts < FEWEST { 1.0 } else { (parts as f32).sqrt().recip() }
}

/// Works that are things: machines, tools.
fn is_thing(id: &str) -> bool {
    matches!(id, "machines" | "tools-work" | "bending" | "insulation" | "insulation-work")
}

/// Roles by which companies differ.
const TOLD: &[&str] = &["maker", "wholesale", "shop", "installer", "association"];

/// Roles that go well with one, though they are not the same.
fn near(role: &str) -> &'static [&'static str] {
    match role {
        "shop" => &["wholesale"],
        "maker" => &["roaster"],
        _ => &[],
    }
}

fn near_to(one: &str, other: &str) -> bool {
    near(one).contains(&other)
}

fn is_denied_role(text: &Telling<'_>, at: usize) -> bool {
    text.is_line && SETTING.is_denied(&text.folded, at)
}

/// Whether words that are another concept's are also those of a wanted one.
fn is_same_words(mentions: &[Mention], one: &Mention, wanted: &Wanted) -> bool {
    mentions.iter().any(|other| {
        other.start < one.end && one.start < other.end && !other.is_specifying && wanted.has_concept(other.concept)
    })
}

/// Adds a weight, and notes the text that has most of it.
fn count(entry: &mut (f32, f32, Option<usize>), weight: f32, index: usize) {
    entry.0 += weight;
    if weight > entry.1 {
        (entry.1, entry.2) = (weight, Some(index));
    }
}
