//! How a company stands to an offer by what both do: whether it sells the same,
//! is one of those whom the offer is meant for, or of a trade that buys such
//! things (`data/trades`).

use crate::trades::{ASSOCIATION, Occupation, Proposal, Trade};

/// How a company stands to an offer. Holds the trade or role that shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The offer says that it is meant for such companies.
    MeantFor(String),
    /// It passes such things on: the offer is meant for wholesalers, installers or shops.
    PassesOn(String),
    /// Companies of its trade buy such things.
    Buys(String),
    /// It makes or sells such things itself, and so is a competitor.
    SellsTheSame(String),
    /// The offer says that it is meant for others.
    MeantForOthers(String),
}

/// Roles in which a company passes on what others sell.
const PASSING_ON: &[&str] = &["wholesale", "shop", "installer"];

impl Relation {
    /// Of a company to an offer; `None` where the catalogue does not know one of them.
    #[must_use]
    pub fn of(company: &Occupation, offer: &Proposal) -> Option<Self> {
        let first = company.trades.first()?;
        let is_own = |trade: &&&'static Trade| company.has(&trade.id);
        let is_association = company.has(ASSOCIATION);
        // What has a name of its own and software are not passed on.
        let role = company.role.map(|role| role.id.as_str()).filter(|_| !first.is_named() && !first.is_software());
        // An association sells nothing, and buys nothing for its trade.
        let own: Vec<&Trade> =
            company.trades.iter().copied().filter(|trade| !is_association || trade.id == ASSOCIATION).collect();
        if let Some(trade) = offer.wanted.iter().find(|trade| own.iter().any(|own| own.id == trade.id)) {
            return Some(Self::MeantFor(trade.id.clone()));
        }
        let wanted = |id: &str| offer.wanted_roles.iter().any(|role| role.id == id);
        if let Some(role) = role.filter(|role| PASSING_ON.contains(role) && wanted(role)) {
            return Some(Self::PassesOn(role.to_owned()));
        }
        if let Some(trade) = offer.sold.iter().find(is_own).filter(|_| !is_association) {
            return Some(Self::SellsTheSame(trade.id.clone()));
        }
        if let Some(role) = role.filter(|role| wanted(role)) {
            return Some(Self::Buys(role.to_owned()));
        }
        let buys = |buyer: &str| match buyer {
            "industry" => role == Some("maker"),
            "office" => own.iter().any(|trade| trade.groups().any(|group| matches!(group, "office" | "software"))),
            _ => {
                role == Some(buyer)
                    || own.iter().any(|trade| trade.id == buyer || trade.groups().any(|own| own == buyer))
            }
        };
        if let Some(trade) = offer.sold.iter().find(|trade| trade.buyers().any(buys)) {
            return Some(Self::Buys(trade.id.clone()));
        }
        let others = offer.wanted.iter().map(|trade| &trade.id).chain(offer.wanted_roles.iter().map(|role| &role.id));
        let others: Vec<&str> = others.map(String::as_str).collect();
        (!offer.wanted.is_empty()).then(|| Self::MeantForOthers(others.join(", ")))
    }

    /// Points of probability, and the factor of the budget.
    pub(super) fn weight(&self) -> (i32, f64) {
        match self {
            Self::MeantFor(_) => (22, 1.4),
            Self::PassesOn(_) | Self::Buys(_) => (16, 1.3),
            Self::SellsTheSame(_) => (-10, 0.5),
            Self::MeantForOthers(_) => (-6, 0.8),
        }
    }
}

impl std::fmt::Display for Relation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::MeantFor(what) => write!(f, "meant for: {what}"),
            Self::PassesOn(what) => write!(f, "meant for companies that pass it on: {what}"),
            Self::Buys(what) => write!(f, "its trade buys: {what}"),
            Self::SellsTheSame(what) => write!(f, "sells the same: {what}"),
            Self::MeantForOthers(what) => write!(f, "meant for others: {what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::brief::Brief;
    use crate::page::{self, RawPage};

    fn relation(site: &str, offer: &str) -> Option<Relation> {
        let url = Url::parse("https://www.company.example/").expect("a URL");
        let pages = [page::read(&RawPage { url: &url, headers: &[], html: site })];
        let brief = Brief::read(&pages, &cmes_types::CompanyData::default());
        Relation::of(&brief.occupation, &Proposal::read(offer))
    }

    #[test]
    fn competitors_are_told_from_customers() {
        let pumps = "<html lang=en><title>Manufacturer of centrifugal pumps</title><h1>Pumps for ships</h1>";
        let valves = "<html lang=en><title>Industrial valves</title><h1>We make ball valves</h1>";
        let solar = "<html lang=de><title>Solaranlagen: Planung und Montage</title><h1>Photovoltaik, Montage</h1>";
        let law = "<html lang=pl><title>Kancelaria prawna w Poznaniu</title><h1>Prawo spółek</h1>";
        let association = "<html lang=de><title>Fachverband für Kältetechnik</title><h1>Der Verband</h1>";
        let name = |text: &str| text.to_owned();
        for (site, offer, expected) in [
            (pumps, "Industrial pumps from stock", Some(Relation::SellsTheSame(name("pumps")))),
            (pumps, "Mechanical seals for builders of pumps", Some(Relation::MeantFor(name("pumps")))),
            (pumps, "Gussteile in kleinen Mengen", Some(Relation::Buys(name("castings")))),
            (valves, "O-rings and gaskets", Some(Relation::Buys(name("seals")))),
            (valves, "Practice management for dentists", Some(Relation::MeantForOthers(name("dental")))),
            (solar, "Wholesale of solar modules for installers", Some(Relation::PassesOn(name("installer")))),
            (solar, "Photovoltaikanlagen für Industriebetriebe", Some(Relation::SellsTheSame(name("solar")))),
            (law, "Legal research for law firms", Some(Relation::MeantFor(name("law")))),
            (law, "Anwaltskanzlei: Verträge", Some(Relation::SellsTheSame(name("law")))),
            (association, "Kälteanlagen schlüsselfertig", None),
            (association, "Membership management for associations", Some(Relation::MeantFor(name("association")))),
            ("<p>Nothing", "Pumps", None),
            (pumps, "Something else", None),
        ] {
            assert_eq!(relation(site, offer), expected, "{offer} at {site}");
        }
    }
}
