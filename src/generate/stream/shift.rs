//! Who works on a day, so that tickets find somebody without looking at everybody.

use chrono::NaiveDate;

use super::company::{Company, place};
use super::texts;
use crate::generate::people::{Role, Staff};
use crate::generate::products::Model;
use crate::generate::rng::Rng;
use crate::generate::tickets::Office;

/// The company on one day.
#[derive(Debug)]
pub struct Shift<'a> {
    pub company: &'a Company,
    /// Who is there, by branch.
    there: [Vec<usize>; 10],
    /// Their weights up to each, by branch, for repairs, installations and the desk.
    up_to: [[Vec<f64>; 3]; 10],
}

const ROLES: [Role; 3] = [Role::Repair, Role::Install, Role::Desk];

impl<'a> Shift<'a> {
    /// Those who work on this day.
    pub fn new(company: &'a Company, date: NaiveDate) -> Self {
        let works = |s: &&usize| company.staff[**s].works_on(date);
        let there: [Vec<usize>; 10] =
            std::array::from_fn(|branch| company.by_branch[branch].iter().filter(works).copied().collect());
        let up_to = std::array::from_fn(|branch| {
            ROLES.map(|role| {
                let add = |sum: &mut f64, s: &usize| {
                    let one: &Staff = &company.staff[*s];
                    *sum += if one.role == role { one.load } else { one.load * 0.12 };
                    Some(*sum)
                };
                there[branch].iter().scan(0.0, add).collect()
            })
        });
        Self { company, there, up_to }
    }
}

impl Office for Shift<'_> {
    fn staff(&self, place: usize) -> &Staff {
        &self.company.staff[place]
    }

    fn assign(&self, branch: usize, role: Role, _: NaiveDate, rng: &mut Rng) -> usize {
        let role = ROLES.iter().position(|r| *r == role).unwrap_or_default();
        self.there[branch][place(&self.up_to[branch][role], rng)]
    }

    fn colleague(&self, branch: usize, _: NaiveDate, rng: &mut Rng) -> usize {
        *rng.pick(&self.there[branch])
    }

    fn model(&self, place: usize) -> &Model {
        &self.company.models[place]
    }

    fn describe(&self, faults: &str, rng: &mut Rng) -> String {
        texts::description(faults, rng)
    }

    fn wish(&self, rng: &mut Rng) -> String {
        texts::wish(rng)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::calendar::day;
    use crate::generate::stream::sizes::Scale;

    #[test]
    fn work_goes_to_those_who_are_there_and_mostly_to_those_whose_work_it_is() {
        let scale = Scale { tickets: 1, seed: 1, staff: Some(400), customers: None, models: None };
        let company = Company::new(scale.sizes());
        let date = day(6, 20);
        let shift = Shift::new(&company, date);
        let mut rng = Rng::new(1);
        let mut own = 0;
        for _ in 0..2000 {
            let one = shift.staff(shift.assign(3, Role::Install, date, &mut rng));
            assert!(one.branch == 3 && one.works_on(date));
            own += u32::from(one.role == Role::Install);
        }
        assert!((1200..1700).contains(&own), "{own}");
    }
}
