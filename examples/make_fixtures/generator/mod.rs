//! Makes the dumps of `fixtures/`: nine months of tickets and surveys and a roster, with known facts and known dirt.
//!
//! It does not use the tool itself: it has to know the truth without it.

mod agreed;
mod byhand;
mod calendar;
mod count;
mod dirt;
mod pauses;
mod people;
mod planted;
mod products;
mod rng;
mod surveys;
mod tickets;
mod write;

use rng::Rng;

/// The dumps by file name, and the tables of `fixtures/README.md` that say what is in them.
pub struct Dumps {
    pub files: Vec<(String, Vec<u8>)>,
    pub counts: String,
}

/// Everything, from a fixed seed: the same bytes each time.
pub fn make() -> Dumps {
    let mut rng = Rng::new(930);
    let staff = people::staff(&mut rng);
    let former = people::former(&mut rng);
    let customers = people::customers(&mut rng, &products::MODELS.map(|m| m.2));
    let world = tickets::World { staff, customers };

    let mut all = tickets::natural(&world, &mut rng);
    all.extend(planted::defect(&world, &mut rng));
    all.extend(planted::around_holidays(&world, &mut rng));
    tickets::number(&mut all);
    dirt::contradict(&mut all, &mut rng);
    let mut surveys = surveys::surveys(&world, &all, &mut rng);

    // What came to the dumps later draws from streams of its own, and leaves the rest as it was.
    agreed::serve_on_the_line(&mut all);
    agreed::reopen(&mut all, &mut Rng::new(931));
    agreed::promise(&world, &mut all, &mut Rng::new(932));
    agreed::reply(&mut surveys, &mut Rng::new(933));
    let (by_hand, asked) = byhand::cases(&world, &mut Rng::new(934));
    surveys.extend(asked);
    let mut pauses = pauses::pauses(&all, &mut Rng::new(935));
    pauses.extend(byhand::pauses());
    all.extend(by_hand);
    all.sort_by_key(|t| t.requested);

    let mut counts = count::Counts::default();
    let mut files = Vec::new();
    for (month, rows) in (1..).zip(dirt::ticket_dumps(&world, &all, &mut rng)) {
        let name = format!("tickets-2026-{month:02}.csv");
        counts.file(&name, &rows);
        files.push((name, write::ticket_file(month, rows)));
    }
    for (month, rows) in (1..).zip(dirt::survey_dumps(&surveys, &mut rng)) {
        let name = format!("surveys-2026-{month:02}.csv");
        counts.file(&name, &rows);
        files.push((name, write::survey_file(&rows)));
    }
    let rows = pauses::dump(pauses, &mut Rng::new(936));
    counts.file("pauses.csv", &rows);
    files.push(("pauses.csv".to_owned(), write::pause_file(&rows)));
    let rows = write::staff_rows(&world.staff, &former);
    counts.file("staff.csv", &rows);
    files.push(("staff.csv".to_owned(), write::staff_file(&rows)));
    Dumps { files, counts: counts.markdown() }
}
