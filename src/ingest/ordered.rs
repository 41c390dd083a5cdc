//! Work on many pieces at once whose results are taken one by one, in their order.

use std::collections::BTreeMap;
use std::sync::mpsc;

/// Works on the pieces `0..count` on the thread pool, a few ahead of the one that is taken next, so that few results wait.
/// The first error in the order of the pieces is the one that is told, whichever thread met one first.
pub fn ordered<T: Send, E: Send>(
    count: usize,
    work: impl Fn(usize) -> Result<T, E> + Sync,
    mut take: impl FnMut(usize, T) -> Result<(), E>,
) -> Result<(), E> {
    // A thread of the pool must not wait for the others: there may be none.
    if rayon::current_thread_index().is_some() {
        return (0..count).try_for_each(|piece| take(piece, work(piece)?));
    }
    let ahead = rayon::current_num_threads() + 1;
    let work = &work;
    rayon::in_place_scope(|scope| {
        let (send, receive) = mpsc::channel();
        let mut done: BTreeMap<usize, Result<T, E>> = BTreeMap::new();
        let mut begun = 0;
        for wanted in 0..count {
            while begun < count.min(wanted + ahead) {
                let (piece, send) = (begun, send.clone());
                // Nobody listens any more once an error has been told.
                scope.spawn(move |_| drop(send.send((piece, work(piece)))));
                begun += 1;
            }
            while !done.contains_key(&wanted) {
                // A sender is kept here, so that the channel stays open.
                let Ok((piece, result)) = receive.recv() else { break };
                done.insert(piece, result);
            }
            if let Some(result) = done.remove(&wanted) {
                take(wanted, result?)?;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_so_does_the_first_error() {
        let slow_first = |piece: usize| {
            std::thread::sleep(std::time::Duration::from_millis(if piece == 0 { 20 } else { 0 }));
            if piece == 7 || piece == 9 { Err(piece) } else { Ok(piece * 2) }
        };
        let mut taken = Vec::new();
        let ended = ordered(12, slow_first, |piece, result| {
            taken.push((piece, result));
            Ok(())
        });
        assert_eq!(ended, Err(7));
        assert_eq!(taken, (0..7).map(|piece| (piece, piece * 2)).collect::<Vec<_>>());
        let within = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(within.install(|| ordered(3, Ok::<_, ()>, |_, _| Ok(()))), Ok(()));
    }
}
