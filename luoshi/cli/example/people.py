"""Units, leaders and accounts of the fictional 澜湾县. Nobody here exists."""

from __future__ import annotations

from datetime import date

GOVERNMENT = "澜湾县"
PASSWORD = "lanwan-shili-2026"  # noqa: S105 -- public on purpose: the example is for looking, not for an office

# short name, full name, kind (people.Unit.Kind), further names
UNITS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("县政府办公室", "澜湾县人民政府办公室", "department", ("县府办",)),
    ("县发改局", "澜湾县发展和改革局", "department", ("县发展改革局",)),
    ("县经信局", "澜湾县经济和信息化局", "department", ()),
    ("县教育局", "澜湾县教育局", "department", ()),
    ("县科技局", "澜湾县科学技术局", "department", ()),
    ("县公安局", "澜湾县公安局", "department", ()),
    ("县民政局", "澜湾县民政局", "department", ()),
    ("县司法局", "澜湾县司法局", "department", ()),
    ("县财政局", "澜湾县财政局", "department", ()),
    ("县人力社保局", "澜湾县人力资源和社会保障局", "department", ("县人社局",)),
    ("县自然资源规划局", "澜湾县自然资源和规划局", "department", ("县资规局",)),
    ("县住建局", "澜湾县住房和城乡建设局", "department", ("县建设局",)),
    ("县交通运输局", "澜湾县交通运输局", "department", ("县交通局",)),
    ("县水利局", "澜湾县水利局", "department", ()),
    ("县农业农村局", "澜湾县农业农村局", "department", ()),
    ("县商务局", "澜湾县商务局", "department", ()),
    ("县文广旅体局", "澜湾县文化和广电旅游体育局", "department", ("县文化广电旅游体育局",)),
    ("县卫生健康局", "澜湾县卫生健康局", "department", ("县卫健局",)),
    ("县退役军人事务局", "澜湾县退役军人事务局", "department", ("县退役军人局",)),
    ("县应急局", "澜湾县应急管理局", "department", ("县应急管理局",)),
    ("县审计局", "澜湾县审计局", "department", ()),
    ("县市场监管局", "澜湾县市场监督管理局", "department", ()),
    ("县统计局", "澜湾县统计局", "department", ()),
    ("县医保局", "澜湾县医疗保障局", "department", ()),
    ("县综合执法局", "澜湾县综合行政执法局", "department", ("县综合行政执法局",)),
    ("县信访局", "澜湾县信访局", "party", ()),
    ("县委人才办", "中共澜湾县委人才工作领导小组办公室", "party", ()),
    ("县国资办", "澜湾县国有资产监督管理办公室", "department", ("县国资监管办",)),
    ("县金融办", "澜湾县人民政府金融工作办公室", "department", ("县金融工作办",)),
    ("县政务数据办", "澜湾县政务服务和数据管理办公室", "department", ()),
    ("县税务局", "国家税务总局澜湾县税务局", "vertical", ()),
    ("县生态环境分局", "海州市生态环境局澜湾分局", "vertical", ("市生态环境局澜湾分局",)),
    ("县供电公司", "国网澜湾县供电公司", "enterprise", ()),
    ("县城投集团", "澜湾县城市建设投资集团有限公司", "enterprise", ("县城投公司",)),
    ("望潮街道", "澜湾县望潮街道办事处", "town", ()),
    ("石矶镇", "澜湾县石矶镇人民政府", "town", ()),
    ("白鹭镇", "澜湾县白鹭镇人民政府", "town", ()),
    ("塘湾镇", "澜湾县塘湾镇人民政府", "town", ()),
    ("各镇（街道）", "", "collective", ("各镇街道",)),
)

LEADERS: tuple[tuple[str, str], ...] = (
    ("县长", "沈牧川"),
    ("常务副县长", "顾怀璟"),
    ("副县长", "陆知微"),
    ("副县长", "谢云岫"),
    ("副县长", "阮承野"),
    ("副县长", "裴书宁"),
    ("副县长", "石砺"),
    ("副县长", "卫初阳"),
)

# log-in name, name, role (people.Member.Role), unit, what the account is for
MEMBERS: tuple[tuple[str, str, str, str | None, str], ...] = (
    ("jiangxiaofan", "江晓帆", "office", None, "督查室，核对文件、管台账"),
    ("wenruyan", "温如砚", "office", None, "督查室主任"),
    ("sujianwei", "苏见微", "office", None, "督查室，核查和回头看"),
    ("yexiaotang", "叶小棠", "liaison", "县住建局", "县住建局联络员"),
    ("qiuyuanshan", "邱远山", "unit_head", "县住建局", "县住建局局长"),
    ("hemaiqiu", "何麦秋", "liaison", "县农业农村局", "县农业农村局联络员"),
    ("luopingye", "罗平野", "unit_head", "县农业农村局", "县农业农村局局长"),
    ("ruanchengye", "阮承野", "leader", None, "副县长，看分管任务"),
    ("qinyuanzhou", "秦远舟", "auditor", None, "审计员，只看不改"),
    ("dingyiming", "丁一鸣", "account_admin", None, "账号管理员，管账号和各级政府"),
    ("anrushan", "安如山", "security_admin", None, "安全管理员，解锁、第二重验证"),
)
OFFICE = MEMBERS[0][0]
HEAD = MEMBERS[1][0]
THIRD = "sujianwei"  # of the office: verifies and looks back, reviews nothing

# short name of the unit → beginning of its accounts' log-in names
SLUGS: dict[str, str] = {
    "县政府办公室": "xianfuban", "县发改局": "fagai", "县经信局": "jingxin", "县教育局": "jiaoyu", "县科技局": "keji",
    "县公安局": "gongan", "县民政局": "minzheng", "县司法局": "sifa", "县财政局": "caizheng", "县人力社保局": "renshe",
    "县自然资源规划局": "zigui", "县住建局": "zhujian", "县交通运输局": "jiaotong", "县水利局": "shuili",
    "县农业农村局": "nongye", "县商务局": "shangwu", "县文广旅体局": "wenlv", "县卫生健康局": "weijian",
    "县退役军人事务局": "tuiyi", "县应急局": "yingji", "县市场监管局": "shichang", "县统计局": "tongji",
    "县医保局": "yibao", "县综合执法局": "zhifa", "县信访局": "xinfang", "县委人才办": "rencai", "县国资办": "guozi",
    "县金融办": "jinrong", "县政务数据办": "shuju", "县税务局": "shuiwu", "县生态环境分局": "huanjing",
    "县供电公司": "gongdian", "县城投集团": "chengtou", "望潮街道": "wangchao", "石矶镇": "shiji", "白鹭镇": "bailu",
    "塘湾镇": "tangwan",
}  # fmt: skip
_SURNAMES = "季鲍单蒲费郁虞翁邬瞿焦牧隗厉桂仲屠米芦窦燕卓蔺"
_FIRST = "知亦书景云怀清若星砚予南北望禾"
_SECOND = "舟野帆宁秋岚川屿林石汀遥朗青"


def unit_accounts(units: tuple[str, ...] = tuple(SLUGS)) -> list[tuple[str, str, str, str]]:
    """Log-in name, name, role, unit: a liaison and a head for every unit; where ``MEMBERS`` has them, those."""
    known = {(unit, role): username for username, _name, role, unit, _use in MEMBERS}
    found = []
    for n, unit in enumerate(units):
        for m, role in enumerate(("liaison", "unit_head")):
            at = 2 * n + m
            name = _SURNAMES[at % 23] + _FIRST[at % 15] + _SECOND[(at * 5 + 3) % 14]
            if (unit, role) not in known:
                found.append((f"{SLUGS[unit]}-{'lianluo' if m == 0 else 'fuzeren'}", name, role, unit))
    return found


# log-in names of the leaders, in the order of LEADERS
LEADER_ACCOUNTS = (
    "shenmuchuan", "guhuaijing", "luzhiwei", "xieyunxiu", "ruanchengye", "peishuning", "shili", "weichuyang",
)  # fmt: skip
# In mid-year one leaves and another takes the post: post by person leaving, who comes, log-in name
BEGINS, PUBLISHED = date(2026, 1, 5), date(2026, 3, 6)  # the office takes luoshi up; the document is out
SINCE = date(2026, 1, 15)  # since when the leaders hold their posts
LEAVES, COMES, COMES_AS = "石砺", "柳行舟", "liuxingzhou"
