//! Precision and recall of lists of leads. Pure.

use std::collections::{BTreeMap, BTreeSet};

use cmes_testkit::world::{Verdict, World, WorldQuery};

/// How many entries of a list count.
pub const FIRST: usize = 10;

/// One list.
#[derive(Clone, Debug)]
pub struct Scored {
    /// What was asked.
    pub query: WorldQuery,
    /// How many of the first ten are right.
    pub right: usize,
    /// Hosts among the first ten that are wrong, companies named twice among them.
    pub wrong: Vec<String>,
    /// How many of the first ten are neither.
    pub open: usize,
    /// How many right answers there are.
    pub wanted: usize,
    /// Right answers that are not among the first ten.
    pub missed: Vec<String>,
}

impl Scored {
    /// Right ones among the right and wrong. Nothing, when nothing was answered though there was something
    /// to find; where there is not, an empty list is perfect.
    pub fn precision(&self) -> Option<f64> {
        match (self.right + self.wrong.len(), self.wanted) {
            (0, 0) => Some(1.0),
            (0, _) => None,
            (judged, _) => Some(share(self.right, judged)),
        }
    }

    /// Right ones among as many as the list could hold; nothing, where there is nothing to find.
    pub fn recall(&self) -> Option<f64> {
        (self.wanted > 0).then(|| share(self.right, self.wanted.min(FIRST)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "tens")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// Judges the first ten of these hosts, with or without `www.`. To find are those that the source of candidates knows.
pub fn score(world: &World, query: &WorldQuery, hosts: &[String], is_known: impl Fn(&str) -> bool) -> Scored {
    let mut matches = world.matches(query);
    matches.retain(|host| is_known(host));
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut scored = Scored {
        query: query.clone(),
        right: 0,
        wrong: Vec::new(),
        open: 0,
        wanted: matches.len(),
        missed: Vec::new(),
    };
    for host in hosts.iter().take(FIRST) {
        let own = world.company(host).map_or_else(|| host.clone(), |company| company.host.clone());
        let is_new = seen.insert(own);
        match world.verdict(query, host) {
            Verdict::Right if is_new => scored.right += 1,
            Verdict::Open if is_new => scored.open += 1,
            _ => scored.wrong.push(host.clone()),
        }
    }
    scored.missed = matches.into_iter().filter(|host| !seen.contains(host)).collect();
    scored
}

/// Precision and recall in Markdown: each question, then by language and level, then all.
pub fn table(title: &str, all: &[Scored]) -> String {
    let mut text = format!(
        "{title}:\n\n| question | | right | wrong | open | to find | P@10 | R@10 |\n|---|---|---|---|---|---|---|---|\n"
    );
    for it in all {
        let (precision, recall) = (shown(it.precision()), shown(it.recall()));
        let (language, question) = (&it.query.language, &it.query.text);
        let counts = format!("{} | {} | {} | {}", it.right, it.wrong.len(), it.open, it.wanted);
        text += &format!("| {question} | {language} | {counts} | {precision} | {recall} |\n");
    }
    text += "\n| questions | | P@10 | R@10 |\n|---|---|---|---|\n";
    let mut groups: BTreeMap<String, Vec<&Scored>> = BTreeMap::new();
    for it in all {
        groups.entry(format!("in {}", it.query.language)).or_default().push(it);
        groups.entry(format!("{:?}", it.query.level).to_lowercase()).or_default().push(it);
        groups.entry("**all**".to_owned()).or_default().push(it);
    }
    for (name, group) in groups {
        let precision = mean(group.iter().filter_map(|it| it.precision()));
        let recall = mean(group.iter().filter_map(|it| it.recall()));
        text += &format!("| {name} | {} | {} | {} |\n", group.len(), shown(precision), shown(recall));
    }
    text
}

fn shown(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{share:.3}"))
}

/// The mean over questions, each of which counts the same.
#[expect(clippy::cast_precision_loss, reason = "tens")]
fn mean(shares: impl Iterator<Item = f64>) -> Option<f64> {
    let shares: Vec<f64> = shares.collect();
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use cmes_testkit::world::{Kind, Part};

    use super::*;

    fn world() -> &'static World {
        static WORLD: LazyLock<World> = LazyLock::new(World::new);
        &WORLD
    }

    fn query(text: &str) -> WorldQuery {
        World::queries().into_iter().find(|query| query.text == text).expect("a question of the world")
    }

    #[test]
    fn perfect_lists_are_perfect() {
        let world = world();
        for query in Part::ALL.into_iter().flat_map(World::queries_of) {
            let hosts: Vec<String> = world.matches(&query).into_iter().collect();
            let scored = score(world, &query, &hosts, |_| true);
            assert_eq!(scored.precision(), Some(1.0), "{}", query.text);
            assert!(scored.recall().is_none_or(|recall| (recall - 1.0).abs() < 1e-9), "{}", query.text);
            assert!(scored.wrong.is_empty());
        }
    }

    #[test]
    fn wrong_ones_and_second_mentions_cost_precision() {
        let world = world();
        let query = query("Zahnarzt Wien");
        let right: Vec<String> = world.matches(&query).into_iter().collect();
        let one = right[0].clone();
        let hosts =
            [one.clone(), format!("www.{one}"), "zahnarzt-finder.at".to_owned(), "no-such-host.example".to_owned()];
        let scored = score(world, &query, &hosts, |_| true);
        assert_eq!((scored.right, scored.wrong.len(), scored.precision()), (1, 3, Some(0.25)));
        assert_eq!(scored.missed.len(), right.len() - 1);
        let nothing = score(world, &query, &[], |_| true);
        assert_eq!((nothing.precision(), nothing.recall()), (None, Some(0.0)));
    }

    #[test]
    fn a_second_domain_stands_for_the_company() {
        let world = world();
        let twin = world.kinds.iter().find_map(|(host, kind)| match kind {
            Kind::Duplicate(of) => Some((host.clone(), of.clone())),
            _ => None,
        });
        let (twin, own) = twin.expect("there are duplicates");
        let company = world.company(&own).expect("it is a company");
        let query = WorldQuery {
            activities: company.activities.clone(),
            cities: vec![company.city_key.clone()],
            ..query("dentiste Lyon")
        };
        let scored = score(world, &query, &[twin, own], |_| true);
        assert_eq!((scored.right, scored.wrong.len()), (usize::from(company.readable), 1));
    }

    #[test]
    fn an_empty_list_is_right_where_nobody_fits() {
        let world = world();
        let query = query("submarine cable manufacturers in Portugal");
        let check = |hosts: &[String], precision| {
            let scored = score(world, &query, hosts, |_| true);
            assert_eq!((scored.precision(), scored.recall()), (Some(precision), None));
        };
        check(&[], 1.0);
        check(&["rohr-branchenbuch.example".to_owned()], 0.0);
    }

    #[test]
    fn tables_have_a_line_for_each_question_and_group() {
        let world = world();
        let all: Vec<Scored> = World::queries().iter().map(|query| score(world, query, &[], |_| true)).collect();
        let text = table("Nothing", &all);
        assert!(text.contains("| Zahnarzt Wien | de | 0 | 0 | 0 |"), "{text}");
        assert!(text.contains("| in de |") && text.contains("| hard |") && text.contains("| **all** |"), "{text}");
    }
}
