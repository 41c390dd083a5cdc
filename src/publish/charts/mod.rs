//! Charts as bytes: plain structs in, SVG and PNG out.
//!
//! One chart is one file with a struct of finished texts and numbers and a `draw` method. Drawing knows no language,
//! reads no file and no clock: the same struct gives the same bytes. A chart first lays itself out as a display list
//! ([`canvas::Canvas`]); plotters' SVG and bitmap backends then paint that one list, so both formats always agree and
//! a test can ask the list whether any two labels touch.

mod attainment;
mod axis;
mod breach_hours;
mod canvas;
mod caterpillar;
mod change;
mod control;
mod control_plot;
mod defect_months;
mod defect_ranks;
mod font;
mod frame;
mod heatmap;
mod likert;
mod measures;
mod monthly;
mod opinion_themes;
mod pareto;
mod quadrant;
mod raster;
mod returns;
mod rows;
mod style;
mod svg;
mod target_use;
mod tenure;
mod timeline;
mod wrap;

#[cfg(test)]
mod check;

pub use attainment::{AttainmentChart, AttainmentClock, AttainmentRow};
pub use breach_hours::{BreachCell, BreachHoursChart, BreachPanel};
pub use caterpillar::{CaterpillarChart, CaterpillarRow};
pub use change::Change;
pub use control::{ControlChart, ControlPanel, ControlPoint, ControlSignal};
pub use defect_months::{DefectMonthsChart, DefectMonthsPanel};
pub use defect_ranks::{DefectRanksChart, RankEnd, RankLine};
pub use frame::{Caption, Target};
pub use heatmap::{HeatCell, HeatmapChart, HeatmapRow};
pub use likert::{LikertChart, LikertRow};
pub use measures::{MeasureBar, MeasureState, MeasureTick, MeasuresChart};
pub use monthly::{MonthlyChart, MonthlyPanel};
pub use opinion_themes::{ThemeRow, ThemesChart};
pub use pareto::{AbcClass, ParetoChart, ParetoRow};
pub use quadrant::{QuadrantChart, QuadrantPoint};
pub use returns::{ReturnsChart, ReturnsPanel, ReturnsStep};
pub use target_use::{TargetUseChart, TargetUsePanel};
pub use tenure::{TenureBand, TenureChart, TenurePanel};
pub use timeline::Moment;

/// One chart in both formats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// Scalable, with real text that can be searched and copied.
    pub svg: Vec<u8>,
    /// Two pixels for each unit of the SVG, marked as 144 dpi.
    pub png: Vec<u8>,
}

/// A figure with its 95 % interval and the number of cases behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    pub value: f64,
    pub low: f64,
    pub high: f64,
    pub n: u64,
}

impl Estimate {
    /// The estimate, unless one of its figures is not a number: charts show such a case as "no data".
    fn usable(self) -> Option<Self> {
        (self.value.is_finite() && self.low.is_finite() && self.high.is_finite()).then_some(self)
    }
}

/// Why a chart could not be drawn. Data never causes it: it means a broken build or not enough memory.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    #[error("the embedded chart font cannot be read")]
    Font,
    #[error("the chart cannot be painted: {0}")]
    Paint(String),
    #[error("the chart cannot be written as PNG: {0}")]
    Png(#[from] png::EncodingError),
}
