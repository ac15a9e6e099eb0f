"""Last year's document of 澜湾县: the example with its year set back and known things said otherwise."""

from __future__ import annotations

from luoshi.cli import example

# Last year's words ← this year's words, what it is a case of.
CHANGES = {
    "raised": ("新增规上服务业企业25家", "新增规上服务业企业30家"),
    "lowered": ("制造业投资增长15%以上", "制造业投资增长12%以上"),
    "cap lowered": ("资产负债率控制在65%以内", "资产负债率控制在60%以内"),
    "same in another unit": ("农村生活污水新增纳管0.42万户", "农村生活污水新增纳管4200户"),
    "unit differs": ("城镇燃气管网28处", "城镇燃气管网28公里"),
    "rank": ("群众安全感满意率保持全市前二", "群众安全感满意率保持全市前三"),
    "weakened": ("确保新增国家级“小巨人”企业1至2家", "力争新增国家级“小巨人”企业1至2家"),
    "strengthened": ("力争建成农机综合服务中心2个", "建成农机综合服务中心2个"),
    "stage": ("建成澜石公路改建工程", "推进澜石公路改建工程"),
    "deliverable": ("发布年度城市体检报告，建成城市体检信息平台", "发布年度城市体检报告"),
    "target": ("新增光伏装机20兆瓦", "新增光伏装机20兆瓦、新型储能30兆瓦"),
    "lead": ("责任单位：县综合执法局、县供电公司", "责任单位：县住建局、县供电公司"),
    "support": ("配合单位：县教育局、县财政局", "配合单位：县教育局"),
    "deadline": ("4月底前完成北岸段", "5月底前完成北岸段"),
    "leader": ("四、唐予安副县长牵头重点工作", "四、谢云岫副县长牵头重点工作"),
    "task": ("打通社区食堂送餐最后一百米，新开社区食堂18个。", "健全低收入人口动态监测机制，做到应保尽保、应救尽救。"),
}


def this_year() -> str:
    """The example's text, with one target that last year's did not have."""
    text = example.document().decode()
    before, after = "新增光伏装机20兆瓦", CHANGES["target"][1]
    assert before in text
    return text.replace(before, after)


def last_year() -> str:
    """The same a year earlier, every change undone. Fails where the example no longer has the words."""
    text = this_year()
    for said, says in CHANGES.values():
        assert text.count(says) == 1, f"the example has {says} {text.count(says)} times"
        text = text.replace(says, said)
    return text.replace("2026", "2025")
