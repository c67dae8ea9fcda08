//! The world keeps what it promises.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;
use std::time::Duration;

use cmes_testkit::world::{Kind, Level, ListStyle, Part, State, Verdict, World, WorldServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Made once for all tests.
pub fn world() -> &'static World {
    static WORLD: LazyLock<World> = LazyLock::new(World::new);
    &WORLD
}

fn at_least(what: &str, found: usize, least: usize) {
    assert!(found >= least, "{what}: {found} of at least {least}");
}

#[test]
fn many_companies_countries_languages_and_trades() {
    let world = world();
    let distinct = |of: &dyn Fn(&cmes_testkit::world::WorldCompany) -> String| {
        world.companies.iter().map(of).collect::<BTreeSet<_>>().len()
    };
    at_least("companies", world.companies.len(), 300);
    assert_eq!(distinct(&|it| it.host.clone()), world.companies.len(), "hosts differ");
    assert_eq!(distinct(&|it| it.name.to_lowercase()), world.companies.len(), "names differ");
    at_least("countries", distinct(&|it| it.country.clone()), 12);
    at_least("languages", distinct(&|it| it.language.clone()), 8);
    at_least("trades", distinct(&|it| it.activities.join(" ")), 40);
    at_least("layouts", distinct(&|it| it.layout.clone()), 12);
    at_least("branches", world.companies.iter().filter(|it| !it.branches.is_empty()).count(), 5);
    at_least("closed to robots", world.companies.iter().filter(|it| !it.readable).count(), 4);
    let kinds = |fits: &dyn Fn(&Kind) -> bool| world.kinds.values().filter(|kind| fits(kind)).count();
    at_least("lists", kinds(&|kind| matches!(kind, Kind::List(_))), 25);
    at_least(
        "articles",
        world.sites.iter().filter(|it| world.kinds[&it.name] == Kind::Article).map(|it| it.files.len()).sum(),
        20,
    );
    at_least("parked", kinds(&|kind| matches!(kind, Kind::Parked(_))), 15);
    at_least("duplicates", kinds(&|kind| matches!(kind, Kind::Duplicate(_))), 10);
    at_least("hostile", kinds(&|kind| *kind == Kind::Hostile), 4);
}

#[test]
fn later_parts_have_other_trades_in_more_languages() {
    let world = world();
    let distinct = |part: Part, of: &dyn Fn(&cmes_testkit::world::WorldCompany) -> String| {
        let companies = world.companies.iter();
        let (these, before): (Vec<_>, Vec<_>) = companies.filter(|it| it.part <= part).partition(|it| it.part == part);
        let before: BTreeSet<String> = before.into_iter().map(of).collect();
        these.into_iter().map(of).filter(|it| !before.contains(it)).collect::<BTreeSet<_>>().len()
    };
    for (part, countries, languages) in [(Part::New, 3, 2), (Part::Third, 0, 1)] {
        at_least("companies", world.companies.iter().filter(|it| it.part == part).count(), 200);
        at_least("new countries", distinct(part, &|it| it.country.clone()), countries);
        at_least("new languages", distinct(part, &|it| it.language.clone()), languages);
        at_least("new trades", distinct(part, &|it| it.activities.join(" ")), 50);
    }
}

/// What was measured before a part came stays comparable: it is not asked for there, and nothing leads to it.
#[test]
fn no_part_knows_anything_of_a_later_one() {
    let world = world();
    let counted = |part: Part| world.companies.iter().filter(|it| it.part == part).count();
    assert_eq!((counted(Part::First), counted(Part::New)), (692, 257));
    assert_eq!((World::queries().len(), World::queries_of(Part::New).len()), (59, 40));
    for part in Part::ALL {
        for query in World::queries_of(part) {
            let answers = world.companies.iter().filter(|it| world.verdict(&query, &it.host) != Verdict::Wrong);
            let later: Vec<_> = answers.filter(|it| it.part > part).map(|it| &it.host).collect();
            assert!(later.is_empty(), "{}: {later:?}", query.text);
        }
        let is_of_part = |host: &String| world.company(host).is_some_and(|company| company.part == part);
        let lists = world.lists.values().filter(|entries| entries.iter().any(is_of_part)).count();
        let whole = world.lists.values().filter(|entries| entries.iter().all(is_of_part)).count();
        let expected = match part {
            Part::First => 30..=35,
            Part::New => 8..=10,
            Part::Third => 10..=12,
        };
        assert!(expected.contains(&lists), "{lists} lists name companies of {part:?}");
        assert!(part != Part::Third || lists == whole, "a list of another part names companies of the third");
    }
}

#[test]
fn every_question_has_its_answers() {
    check_questions(Part::First, 36);
    check_questions(Part::New, 40);
    check_questions(Part::Third, 40);
}

fn check_questions(part: Part, least: usize) {
    let world = world();
    let queries = World::queries_of(part);
    at_least("queries", queries.len(), least);
    at_least("languages", queries.iter().map(|it| &it.language).collect::<BTreeSet<_>>().len(), 7);
    for level in [Level::Simple, Level::Medium, Level::Hard] {
        at_least("of a level", queries.iter().filter(|it| it.level == level).count(), 12);
    }
    let mut out = String::new();
    for query in &queries {
        let right = world.matches(query);
        let open = world.kinds.keys().filter(|host| world.verdict(query, host) == Verdict::Open).count();
        out += &format!("{} {} open {open}\n", right.len(), query.text);
    }
    for query in &queries {
        let right = world.matches(query).len();
        let (least, most) = match (query.activities.is_empty(), query.note.is_empty()) {
            (true, _) => (0, 0),
            (false, false) => (1, 25),
            (false, true) => (3, 25),
        };
        assert!((least..=most).contains(&right), "{right}: {}\n{out}", query.text);
    }
}

#[test]
fn the_same_in_every_run() {
    assert_eq!(World::new().companies, world().companies);
}

#[test]
fn labels_stand_on_the_pages() {
    let world = world();
    let mut stated = 0;
    for company in &world.companies {
        let holds = |what: &str, value: &str| {
            assert!(
                company.text.contains(value),
                "{} ({}): {what} {value}\n{}",
                company.host,
                company.layout,
                company.text
            );
        };
        holds("name", &company.name);
        holds("city", &company.city);
        holds("e-mail", &company.email);
        holds("street", &company.street);
        holds("zip", &company.zip);
        for number in [company.employees, company.founded].into_iter().flatten() {
            holds("number", &number.to_string());
            stated += 1;
        }
        for certificate in &company.certificates {
            holds("certificate", certificate);
            stated += 1;
        }
        assert!(!company.text.contains("{{") && !company.text.contains("{s"), "{}", company.text);
    }
    at_least("stated facts", stated, 300);
}

#[test]
fn companies_of_one_trade_differ_in_their_words() {
    let world = world();
    let mut openings: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for company in &world.companies {
        openings.entry((&company.language, &company.activities[0])).or_default().push(&company.text);
    }
    for (trade, texts) in openings {
        assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), texts.len(), "{trade:?}");
    }
}

#[test]
fn links_of_lists_lead_to_companies() {
    let world = world();
    for site in &world.sites {
        let Kind::List(style) = &world.kinds[&site.name] else { continue };
        at_least(&site.name, world.lists[&site.name].len(), 2);
        let pages: String = site.files.iter().map(cmes_testkit::SiteFile::text).collect();
        for host in &world.lists[&site.name] {
            let is_linked = pages.contains(&format!("href=\"http://{host}/\""));
            let wanted = matches!(style, ListStyle::Links | ListStyle::Detail | ListStyle::Article);
            assert_eq!(is_linked, wanted, "{} {host}", site.name);
            assert!(world.company(host).is_some(), "{host}");
        }
        for (_, rest) in pages.match_indices("href=\"/firm/").map(|(at, _)| pages.split_at(at + 6)) {
            let path = rest.split('"').next().unwrap_or_default();
            assert!(site.file(path).is_some(), "{}: {path}", site.name);
        }
    }
}

#[test]
fn phone_numbers_can_be_dialled() {
    use rlibphonenumber::PHONE_NUMBER_UTIL;
    let world = world();
    let wrong: Vec<_> = world
        .companies
        .iter()
        .filter(|company| {
            let parsed = PHONE_NUMBER_UTIL.parse(&company.phone, None);
            !parsed.is_ok_and(|number| PHONE_NUMBER_UTIL.is_possible_number(&number))
        })
        .map(|company| (&company.city_key, &company.phone))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[tokio::test]
async fn every_host_has_an_address() {
    let world = world();
    let server = WorldServer::start(world, Duration::ZERO).await.expect("loopback");
    let hosts = server.hosts();
    for host in world.kinds.keys() {
        assert!(hosts.contains_key(host), "{host}");
    }
}

/// Status and head of `GET /` of this host; nothing where the connection is refused.
async fn get(server: &WorldServer, host: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(server.hosts().get(host)?).await.ok()?;
    let request = format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.ok()?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let status = text.split(' ').nth(1)?.parse().ok()?;
    Some((status, text))
}

#[tokio::test]
async fn parked_domains_answer_as_they_do() {
    let server = WorldServer::start(world(), Duration::ZERO).await.expect("loopback");
    for (host, kind) in &world().kinds {
        let Kind::Parked(state) = kind else { continue };
        let expected = match state {
            State::Sale | State::Empty | State::Default => Some(200),
            State::Gone => Some(404),
            State::Broken => Some(500),
            State::Loop => Some(302),
            State::Refused => None,
            // It never answers, and there is nothing to wait for.
            State::Hanging => continue,
        };
        assert_eq!(get(&server, host).await.map(|(status, _)| status), expected, "{host}");
    }
}

#[tokio::test]
async fn companies_answer_under_all_their_hosts_after_the_delay() {
    let delay = Duration::from_millis(20);
    let server = WorldServer::start(world(), delay).await.expect("loopback");
    let twins = world().kinds.iter().filter(|(_, kind)| matches!(kind, Kind::Duplicate(_)));
    for (host, _) in twins.take(6) {
        let company = world().company(host).expect("a company");
        let begun = std::time::Instant::now();
        let (status, text) = get(&server, host).await.expect("an answer");
        assert!(begun.elapsed() >= delay);
        let leads_on = status == 301 && text.to_lowercase().contains(&format!("location: http://{}/", company.host));
        assert!(status == 200 || leads_on, "{host}: {text}");
    }
}
