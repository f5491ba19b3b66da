// Draws each trend from the data beside it. Without this script the table says the same.
import { LineChart, ScatterChart, CustomChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([
  AriaComponent,
  CustomChart,
  GridComponent,
  LabelLayout,
  LegendComponent,
  LineChart,
  MarkLineComponent,
  ScatterChart,
  SVGRenderer,
  TooltipComponent,
]);

const PRINTED_WIDTH = 660;
const SYMBOLS = ["circle", "rect", "triangle", "diamond"];
const CROSS = "path://M-4,-3 L-3,-4 L0,-1 L3,-4 L4,-3 L1,0 L4,3 L3,4 L0,1 L-3,4 L-4,3 L-1,0 Z";
const language = document.documentElement.lang || "sv";
const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(`--${name}`).trim();
const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });
const month = new Intl.DateTimeFormat(language, { month: "short", year: "numeric" });
const date = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });

const text = { color: token("ink-soft"), fontFamily: token("font"), fontSize: 14 };
const number = (value, decimals) =>
  new Intl.NumberFormat(language, {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  }).format(value);

function line(each, place, chart) {
  const colour = token(`data-${(place % 4) + 1}`);
  return {
    type: "line",
    name: each.name,
    data: each.points.map(([on, value]) => [on, value === null ? "-" : value]),
    connectNulls: false,
    symbol: SYMBOLS[place % SYMBOLS.length],
    symbolSize: 10,
    itemStyle: { color: colour, borderColor: token("paper"), borderWidth: 2 },
    lineStyle: { color: colour, width: 2.5 },
    label: {
      show: true,
      position: "top",
      color: token("ink"),
      fontFamily: token("font"),
      fontSize: 15,
      fontWeight: 700,
      formatter: ({ value }) => number(value[1], chart.decimals),
    },
    labelLayout: { hideOverlap: true },
    emphasis: { disabled: true },
    tooltip: {
      formatter: ({ value }) =>
        `${day.format(new Date(value[0]))}: ${number(value[1], chart.decimals)}`,
    },
    z: 3,
  };
}

// A 95 % interval as a vertical stroke, where the score has a standard error.
function whiskers(each, place) {
  const colour = token(`data-${(place % 4) + 1}`);
  return {
    type: "custom",
    name: each.name,
    silent: true,
    data: each.points
      .filter((point) => point.length === 4)
      .map(([on, , low, high]) => [on, low, high]),
    encode: { x: 0, y: [1, 2] },
    renderItem(_parameters, api) {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const [, high] = api.coord([api.value(0), api.value(2)]);
      return {
        type: "line",
        shape: { x1: x, y1: low, x2: x, y2: high },
        style: { stroke: colour, lineWidth: 1.5 },
      };
    },
    z: 2,
  };
}

function missed(chart, lowest) {
  return {
    type: "scatter",
    data: chart.missed.map(([on, why]) => [on, lowest, why]),
    symbol: CROSS,
    symbolSize: 11,
    symbolOffset: [0, -9],
    itemStyle: { color: token("ink-soft") },
    label: { show: true, position: "top", formatter: ({ value }) => value[2], ...text },
    labelLayout: { hideOverlap: true },
    emphasis: { disabled: true },
    tooltip: { formatter: ({ value }) => `${day.format(new Date(value[0]))}: ${value[2]}` },
    z: 3,
  };
}

function events(chart) {
  return {
    type: "line",
    data: [],
    markLine: {
      silent: true,
      symbol: "none",
      lineStyle: { color: token("line-strong"), type: "dashed", width: 1 },
      label: { position: "end", distance: 6, ...text },
      data: chart.events.map(([on, name]) => ({ xAxis: on, label: { formatter: name } })),
    },
  };
}

// Room on both sides, so that the first and the last point stand free.
function days(chart) {
  const all = [
    ...chart.lines.flatMap((each) => each.points.map(([on]) => on)),
    ...chart.missed.map(([on]) => on),
    ...chart.events.map(([on]) => on),
  ].map((on) => new Date(on).getTime());
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const room = Math.max((last - first) * 0.06, 30 * 864e5);
  return { min: first - room, max: last + room };
}

// Ticks stand closer than a month where little time has passed.
const SHORT = 150 * 864e5;

function option(chart) {
  const [low, high] = chart.range;
  const shown = days(chart);
  const tick = shown.max - shown.min < SHORT ? date : month;
  return {
    animation: false,
    aria: { enabled: true, label: { description: chart.description } },
    textStyle: { fontFamily: token("font") },
    grid: { left: 44, right: 16, top: chart.lines.length > 1 ? 56 : 28, bottom: 28 },
    legend: { show: chart.lines.length > 1, top: 0, left: 40, textStyle: text, itemGap: 24 },
    tooltip: {
      trigger: "item",
      renderMode: "richText",
      backgroundColor: token("paper"),
      borderColor: token("line-strong"),
      textStyle: { ...text, color: token("ink") },
    },
    xAxis: {
      type: "time",
      ...shown,
      axisLine: { lineStyle: { color: token("line-strong") } },
      axisTick: { lineStyle: { color: token("line-strong") } },
      axisLabel: { ...text, hideOverlap: true, formatter: (at) => tick.format(new Date(at)) },
      splitNumber: 4,
    },
    yAxis: {
      type: "value",
      min: low === null ? "dataMin" : low,
      max: high === null ? "dataMax" : high,
      interval: low === null || high === null ? undefined : (high - low) / 4,
      axisLabel: text,
      splitLine: { lineStyle: { color: token("line") } },
    },
    series: [
      ...chart.lines.map((each, place) => line(each, place, chart)),
      ...chart.lines.map(whiskers).filter((each) => each.data.length),
      missed(chart, low === null ? 0 : low),
      events(chart),
    ],
  };
}

function draw(place) {
  const chart = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  if (!chart.lines.length) return;
  place.hidden = false;
  const drawing = init(place, null, { renderer: "svg" });
  drawing.setOption(option(chart));
  addEventListener("resize", () => drawing.resize());
  addEventListener("beforeprint", () => drawing.resize({ width: PRINTED_WIDTH }));
  addEventListener("afterprint", () => drawing.resize({ width: "auto" }));
}

document.querySelectorAll("[data-chart]").forEach(draw);
