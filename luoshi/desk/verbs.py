"""The verbs of the history in words. A verb that has none here is shown as it is written."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Any] = {
    "adjustment.asked": _("申请调整"),
    "adjustment.decided": _("批复调整"),
    "adjustment.reviewed": _("审核调整"),
    "adjustment.withdrawn": _("撤回调整申请"),
    "admin.added": _("后台添加"),
    "admin.changed": _("后台修改"),
    "document.confirmed": _("确认识读结果"),
    "document.failed": _("识读未成"),
    "document.read": _("识读文件"),
    "document.received": _("收到文件"),
    "document.stroke": _("更正识读结果"),
    "done_test.worded": _("拟定完成标准"),
    "evidence.received": _("收到佐证材料"),
    "government.below": _("添加下级政府"),
    "government.closed": _("撤销政府"),
    "government.code": _("更换行政区划代码"),
    "government.created": _("建立政府"),
    "government.renamed": _("政府改名"),
    "light.overridden": _("改灯"),
    "lights.computed": _("亮灯"),
    "member.added": _("添加成员"),
    "member.removed": _("移除成员"),
    "objection.raised": _("提出异议"),
    "objection.refused": _("复核：异议不成立"),
    "objection.upheld": _("复核：异议成立"),
    "objection.withdrawn": _("撤回异议"),
    "people.imported": _("导入单位和人员"),
    "period.locked": _("锁定期次"),
    "period.opened": _("开放期次"),
    "plan.adjustment_window": _("设定调整窗口"),
    "plan.adopted": _("立账"),
    "plan.issued": _("印发"),
    "plan.leaders": _("对应领导职务"),
    "plan.periods": _("排定期次"),
    "plan.reporting_rule": _("设定报送规则"),
    "plan.set_up": _("开始细化"),
    "plan.withdrawn": _("撤回立账"),
    "post.account": _("职务对应账号"),
    "post.appointed": _("任职"),
    "post.created": _("设立职务"),
    "post.left": _("离任"),
    "post.signed_over": _("登记交接"),
    "report.accept": _("审核通过"),
    "report.ask": _("请配合单位说明"),
    "report.late_allowed": _("准予补报"),
    "report.ready": _("请负责人签发"),
    "report.return": _("退回报告"),
    "report.submitted": _("报送"),
    "report.taken_back": _("撤回报告"),
    "report.verified": _("核查"),
    "rules.adopted": _("采用亮灯规则"),
    "sample.drawn": _("抽样"),
    "security.second_factor": _("设定第二重验证要求"),
    "set_up.back": _("退回细化"),
    "set_up.leader": _("分管领导签细化"),
    "set_up.office": _("细化定稿"),
    "set_up.unit": _("牵头单位签细化"),
    "target.places": _("填写名册"),
    "target.roster": _("开设名册"),
    "target.schedule": _("设定序时进度"),
    "task.carried": _("结转下年"),
    "task.closed": _("销号"),
    "task.handed_down": _("分解到下级"),
    "task.leader": _("指定领导"),
    "task.major": _("设定重大事项"),
    "task.nodes": _("设定节点"),
    "task.reopened": _("重新打开"),
    "unit.aliases": _("设定单位别名"),
    "unit.closed": _("撤销单位"),
    "unit.renamed": _("单位改名"),
    "unit.succeeded": _("单位撤并"),
    "units.created": _("建立单位"),
    "user.invited": _("邀请账号"),
    "user.link": _("重发邀请链接"),
    "user.off": _("停用账号"),
    "user.on": _("启用账号"),
    "user.password": _("改口令"),
    "user.second_factor": _("开通第二重验证"),
    "user.second_factor_dropped": _("停用第二重验证"),
    "user.unlocked": _("解锁账号"),
}


def verb_words(verb: str) -> str:
    """What was done, in words.

    >>> verb_words("unit.painted")
    'unit.painted'
    """
    return str(VERBS.get(verb, verb))
