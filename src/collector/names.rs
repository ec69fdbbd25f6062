//! Names: who a session's visitor is. A customer is counted by customer id where that is known, and what one session
//! of a visitor says of it holds for all: who logs in to pay has filled the cart before.

use std::collections::HashMap;

use super::store::SessionRow;

/// Site and name: a customer's number is the site's own.
pub type Name<'a> = (&'a str, &'a str);

/// Site and visitor → customer.
pub struct Names<'a>(HashMap<Name<'a>, &'a str>);

impl<'a> Names<'a> {
    pub fn of(sessions: &'a [SessionRow]) -> Names<'a> {
        let known = sessions.iter().filter_map(|row| {
            let customer = row.customer.as_deref()?;
            Some(((row.site.as_str(), row.visitor.as_str()), customer))
        });
        Names(known.collect())
    }

    pub fn customer(&self, row: &'a SessionRow) -> Option<&'a str> {
        let visitor = (row.site.as_str(), row.visitor.as_str());
        row.customer.as_deref().or_else(|| self.0.get(&visitor).copied())
    }

    pub fn who(&self, row: &'a SessionRow) -> Name<'a> {
        (&row.site, self.customer(row).unwrap_or(&row.visitor))
    }
}
