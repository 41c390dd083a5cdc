//! The pauses of a ticket.

use super::csv::Csv;
use crate::generate::bad::{self, BAD_PAUSES};
use crate::generate::pauses::{odd, of};
use crate::generate::rng::Rng;
use crate::generate::rows;
use crate::generate::tickets::Ticket;

/// The rows of the pauses of a ticket: a few odd, a few twice, and bad ones.
pub fn dump(out: &mut Csv, t: &Ticket, rng: &mut Rng) {
    let mut pauses = Vec::new();
    of(t, &mut pauses, rng);
    for mut pause in pauses {
        if rng.chance(0.012) {
            odd(&mut pause, rng.below(12));
        }
        for _ in 0..=usize::from(rng.chance(0.005)) {
            rows::pause(out, &pause);
            out.end();
        }
        if rng.chance(0.001) {
            let mut cells = Vec::new();
            rows::pause(&mut cells, &pause);
            bad::pause(rng.pick(&BAD_PAUSES).0, &mut cells);
            out.line(&cells);
        }
    }
}
