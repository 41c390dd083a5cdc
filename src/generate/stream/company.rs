//! The company: its staff, its models, and its customers, each of whom can be made again from his number alone.

use chrono::{Months, NaiveDate};

use super::sizes::{Sizes, width};
use crate::generate::calendar::day;
use crate::generate::people::{BRANCHES, Customer, SURNAMES, Staff, customer, masked, numbered, post};
use crate::generate::products::{DEFECT_MODEL, Model, catalogue};
use crate::generate::rng::Rng;

/// What a stream of random numbers is for: streams of different purposes never meet.
#[derive(Debug, Clone, Copy)]
pub enum Purpose {
    Days = 1,
    Staff,
    Customers,
    Moments,
    Chunks,
    Planted,
    PlantedMoments,
}

/// Everybody and everything that tickets are about.
#[derive(Debug)]
pub struct Company {
    pub sizes: Sizes,
    /// Who work on the tickets.
    pub staff: Vec<Staff>,
    /// Who left before 2026.
    pub former: Vec<Staff>,
    /// Places in `staff`, by branch.
    pub by_branch: [Vec<usize>; 10],
    pub models: Vec<Model>,
    /// The weights of the models up to each.
    up_to: Vec<f64>,
    staff_width: usize,
    customer_width: usize,
}

impl Company {
    /// The company of these sizes and this seed.
    pub fn new(sizes: Sizes) -> Self {
        let gone = (sizes.staff / 2).max(19);
        // One number more than the roster has: that of somebody unknown.
        let staff_width = width(sizes.staff + gone + 3).max(3);
        let number = |i: u64| numbered("S", i + 1, staff_width);
        let staff: Vec<Staff> = (0..sizes.staff).map(|i| member(sizes.seed, i, number(i))).collect();
        let former = (sizes.staff..sizes.staff + gone).map(|i| former(sizes.seed, i, number(i))).collect();
        let by_branch =
            std::array::from_fn(|branch| (0..staff.len()).filter(|place| staff[*place].branch == branch).collect());
        let models = catalogue(usize::try_from(sizes.models).unwrap_or(usize::MAX));
        let add = |sum: &mut f64, model: &Model| {
            *sum += model.weight;
            Some(*sum)
        };
        let up_to = models.iter().scan(0.0, add).collect();
        let customer_width = width(sizes.customers + 1).max(4);
        Self { sizes, staff, former, by_branch, models, up_to, staff_width, customer_width }
    }

    /// A stream of random numbers for a purpose.
    pub fn rng(&self, purpose: Purpose, numbers: [u64; 2]) -> Rng {
        Rng::of(&[self.sizes.seed, purpose as u64, numbers[0], numbers[1]])
    }

    /// The customer with this number, from 0.
    pub fn customer(&self, number: u64) -> Customer {
        let mut rng = self.rng(Purpose::Customers, [number, 0]);
        customer(numbered("C", number + 1, self.customer_width), &mut rng, |rng| place(&self.up_to, rng))
    }

    /// A customer with the planted defect: of equal parts of all customers each is asked once, so that who comes back with
    /// it does so because that was planted.
    pub fn owner(&self, number: u64, of: u64, rng: &mut Rng) -> (u64, Customer) {
        let (begin, end) = (number * self.sizes.customers / of, (number + 1) * self.sizes.customers / of);
        let any = |rng: &mut Rng| begin + rng.next() % (end - begin).max(1);
        for _ in 0..60 {
            let number = any(rng);
            let owner = self.customer(number);
            if owner.models.contains(&DEFECT_MODEL) {
                return (number, owner);
            }
        }
        let number = any(rng);
        (number, self.customer(number))
    }

    /// The number of somebody whom the roster does not know.
    pub fn nobody(&self) -> String {
        numbered("S", 10_u64.pow(u32::try_from(self.staff_width).unwrap_or(3)) - 1, self.staff_width)
    }

    /// The number of the row of the roster that cannot be read.
    pub fn unreadable(&self) -> String {
        numbered("S", (self.staff.len() + self.former.len() + 1) as u64, self.staff_width)
    }
}

/// A place by chance, given the weights up to each.
pub fn place(up_to: &[f64], rng: &mut Rng) -> usize {
    let all = up_to.last().copied().unwrap_or_default();
    let drawn = rng.unit() * all;
    up_to.partition_point(|sum| *sum <= drawn).min(up_to.len().saturating_sub(1))
}

/// Somebody who works on tickets. The branches take turns; the first two of each have been there for long and stay.
fn member(seed: u64, i: u64, id: String) -> Staff {
    let mut rng = Rng::of(&[seed, Purpose::Staff as u64, i]);
    let rng = &mut rng;
    let branches = BRANCHES.len() as u64;
    let branch = usize::try_from(i % branches).unwrap_or_default();
    let slot = usize::try_from(i / branches).unwrap_or_default();
    let (role, team, position) = post(branch, slot);
    let recent = slot > 1 && rng.chance(0.32);
    let (year, month) = if recent {
        (2026, 1 + rng.weighted(&[1.0, 1.0, 1.0, 1.2, 2.5, 3.5, 3.0, 1.0, 0.6]))
    } else {
        (2018 + rng.below(8), 1 + rng.below(12))
    };
    let (place, name) = (1 + rng.below(28), *rng.pick(&SURNAMES));
    let leaves = slot > 1 && !recent && rng.chance(0.08);
    let left = leaves.then(|| day(1, 2) + chrono::Duration::days(rng.between(0, 265)));
    let supervisor = slot > 1 && !recent && rng.chance(0.05);
    Staff {
        id,
        name: masked(name),
        team,
        position: if supervisor { "主管" } else { position },
        role,
        branch,
        hired: date(year, month, place),
        left,
        load: if supervisor { 0.04 } else { 0.8 + 0.4 * rng.unit() },
        skill: std::array::from_fn(|_| 0.07 * rng.normal()),
    }
}

/// Somebody who left before 2026.
fn former(seed: u64, i: u64, id: String) -> Staff {
    let mut one = member(seed, i, id);
    let mut rng = Rng::of(&[seed, Purpose::Staff as u64, i, 1]);
    one.hired = date(2018 + rng.below(5), 1 + rng.below(12), 10);
    one.left = Some(one.hired + Months::new(u32::try_from(rng.between(3, 36)).unwrap_or(3)));
    one
}

fn date(year: usize, month: usize, day: usize) -> NaiveDate {
    let part = |n: usize| u32::try_from(n).expect("a part of a date");
    NaiveDate::from_ymd_opt(i32::try_from(year).expect("a year"), part(month), part(day)).expect("a date")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::calendar::month_end;
    use crate::generate::stream::sizes::Scale;

    fn company(staff: u64, customers: u64) -> Company {
        let (staff, customers) = (Some(staff), Some(customers));
        Company::new(Scale { tickets: 20_000, seed: 7, staff, customers, models: None }.sizes())
    }

    #[test]
    fn somebody_is_in_every_branch_every_day_and_some_are_hired_every_month() {
        let all = company(2_000, 1_000);
        for branch in &company(20, 1_000).by_branch {
            assert_eq!(branch.len(), 2);
        }
        for (branch, members) in all.by_branch.iter().enumerate() {
            assert_eq!(members.len(), 200, "{branch}");
            let stay = members.iter().filter(|s| all.staff[**s].works_on(day(1, 1)) && all.staff[**s].left.is_none());
            assert!(stay.count() > 100, "{branch}");
        }
        for month in 1..=9 {
            let hired = |s: &&Staff| day(month, 1) <= s.hired && s.hired <= month_end(month).date();
            assert!(all.staff.iter().filter(hired).count() > 5, "{month}");
        }
        assert!(all.former.iter().all(|s| s.left.is_some_and(|left| left < day(1, 1))));
    }

    #[test]
    fn numbers_of_the_roster_are_its_own() {
        for staff in [20, 40, 662, 2_000] {
            let all = company(staff, 1_000);
            let nobody = all.nobody();
            assert!(all.staff.iter().chain(&all.former).all(|s| s.id != nobody && s.id.len() == nobody.len()));
            assert_ne!(all.unreadable(), nobody, "{staff}");
        }
    }

    #[test]
    fn owners_are_customers_of_their_own_who_mostly_have_the_model() {
        let all = company(40, 8_000);
        let mut rng = Rng::new(3);
        let owners: Vec<u64> = (0..200).map(|k| all.owner(k, 200, &mut rng).0).collect();
        assert!(owners.windows(2).all(|pair| pair[0] < pair[1]));
        // In a few parts nobody has the model; then anybody of them is asked.
        let have = owners.iter().filter(|number| all.customer(**number).models.contains(&DEFECT_MODEL)).count();
        assert!(have > 140, "{have}");
        // Where there are fewer customers than tickets with the defect, some have it twice.
        let few = company(40, 3);
        assert!((0..200).all(|k| few.owner(k, 200, &mut rng).0 < 3));
    }
}
