//! Names of columns of counts of units in the field.

use super::{Synonyms, names};

pub static UNITS: &[Synonyms] = &[
    names("product_model", "product_model | 产品型号 | 型号 | 机型 | 设备型号 | model | model no", "产品 | product"),
    names("product_line", "product_line | 产品线 | 产品系列 | 产品类别 | product family | series", "系列 | 类别"),
    names(
        "counted_on",
        "counted_on | 统计日期 | 统计月份 | 截止日期 | 盘点日期 | count date | as of",
        "日期 | 月份 | date | month",
    ),
    names(
        "units",
        "units | 在用台数 | 在用数量 | 保有量 | 市场保有量 | 在网台数 | 装机量 | 装机台数 | units in the field | installed base | \
            units in service | installed units",
        "台数 | 数量 | quantity | count",
    ),
];
