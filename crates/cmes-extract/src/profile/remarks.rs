//! Remarks on whether all that was read is about one company.

use cmes_types::Method;

use super::{Builder, webs};
use crate::content::Origin;
use crate::facts::address::{PageKind, page_kind};
use crate::facts::emails::owners;
use crate::facts::names;

impl Builder<'_> {
    /// Says where e-mail, domain, imprint, names and Content contradict each other.
    pub(super) fn identity(&mut self) {
        self.redirected();
        if self.site.domain.is_empty() {
            return;
        }
        let name = self.data.company_name.clone();
        if !name.is_empty() {
            self.unlike_domain(&name);
            self.other_in_imprint(&name);
            self.other_in_content(&name);
        }
        self.mail_elsewhere();
    }

    /// The domain that was given leads to another one.
    fn redirected(&mut self) {
        let given = self.material.content.candidates.first();
        let Some(given) = given.filter(|_| !self.site.pages.is_empty()) else { return };
        let host = webs::host_of(&given.address);
        let domain = psl::domain_str(&host).unwrap_or(&host).to_owned();
        if !domain.is_empty() && domain != self.site.domain {
            let words = format!("{} leads to {}", given.address, self.site.domain);
            let said = if given.origin <= Origin::Signature { 0.7 } else { 0.5 };
            self.note("Identity", &words, self.first_page(), (Method::Inferred, &given.snippet, said));
        }
    }

    fn unlike_domain(&mut self, name: &str) {
        if names::resemblance(name, self.site.domain).is_some_and(|alike| alike < 0.2) {
            let words = format!("The name {name} does not resemble the domain {}", self.site.domain);
            self.note("Identity", &words, self.first_page(), (Method::Inferred, name, 0.4));
        }
    }

    /// The imprint is of another company than the pages.
    fn other_in_imprint(&mut self, name: &str) {
        let in_imprint = |page: Option<u16>| {
            let page = page.and_then(|page| self.site.pages.get(usize::from(page)));
            page.is_some_and(|page| page_kind(page) == PageKind::Imprint)
        };
        let other = self.names.iter().find(|found| {
            found.confidence >= 0.5
                && in_imprint(found.page)
                && names::has_legal_form(&found.value)
                && !names::are_related(&found.value, name)
        });
        if let Some(other) = other.cloned() {
            let words = format!("The imprint names {}, the pages {name}", other.value);
            self.note("Identity", &words, other.page, (Method::Inferred, &other.snippet, 0.5));
        }
    }

    fn other_in_content(&mut self, name: &str) {
        if let Some((said, words)) = &self.material.content.facts.company
            && !names::are_related(said, name)
        {
            let remark = format!("The Content names {said}, the site {name}");
            self.note("Identity", &remark, None, (Method::Content, words, 0.5));
        }
    }

    /// All addresses are at another company's domain.
    fn mail_elsewhere(&mut self) {
        let domains = self.data.emails.iter().filter_map(|email| email.email.rsplit_once('@'));
        let mut domains = domains.map(|(_, host)| psl::domain_str(host).unwrap_or(host));
        let Some(first) = domains.next().map(str::to_owned) else { return };
        let is_other = first != self.site.domain && !owners::is_provider(&first);
        if is_other && domains.all(|other| other == first) {
            let words = format!("The e-mail addresses are at {first}, the site at {}", self.site.domain);
            self.note("Identity", &words, self.first_page(), (Method::Inferred, &first, 0.4));
        }
    }
}
